-- SPDX-License-Identifier: Apache-2.0
-- Numbers and names as they stand in sentences.
local words = {}

-- "1 day", "3 days"
function words.count(n, one, many)
  return ("%d %s"):format(n, n == 1 and one or many)
end

-- A product by its title, cut after a word where it is long; by its SKU where it has none.
function words.product(item, most)
  local title = item.title
  if not title or title == "" then return item.sku end
  most = most or 60
  if (utf8.len(title) or 0) <= most then return title end
  local cut = title:sub(1, utf8.offset(title, most) - 1)
  return (cut:match("^(.+)%s%S*$") or cut) .. "…"
end

-- So many of 30 days, for each day, with one decimal, halves up: 45 is "1.5".
function words.per_day(sold_30d)
  local tenths = (sold_30d * 10 + 15) // 30
  return ("%d.%d"):format(tenths // 10, tenths % 10)
end

return words

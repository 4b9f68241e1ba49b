-- SPDX-License-Identifier: Apache-2.0
-- Listings that nobody can buy although there is stock.
--
-- The status is a word of the marketplace; only those in `status` count as inactive, so that a new one accuses nobody.
local best = use("lib.best")
local words = use("lib.words")

return {
  id     = "listing.inactive",
  title  = "Inactive listing with stock",
  about  = "Finds listings whose status is Inactive or Incomplete while units could be sold.",
  on     = { "figures.changed" },
  needs  = { "listings" },
  params = { status = "inactive incomplete", least_units = 1, most = 100 },
  check = function(facts, say, params)
    local is_inactive = {}
    for word in params.status:lower():gmatch("%S+") do is_inactive[word] = true end
    local keep = best(params.most)
    for _, item in ipairs(facts.listings) do
      local units = item.units or 0
      local weight = 400 + math.min(units + item.sold_30d, 99)
      if item.status and units >= params.least_units and is_inactive[item.status:lower()] and keep.wants(weight) then
        local numbers = {
          { name = "status", text = item.status },
          { name = "units", count = units },
          { name = "sold_30d", count = item.sold_30d },
        }
        local text = ("%s is %s, but %s could be sold."):format(
          words.product(item), item.status:lower(), words.count(units, "unit", "units"))
        if item.price and item.currency then
          numbers[#numbers + 1] = { name = "price", money = item.price, currency = item.currency }
        end
        if item.sold_30d > 0 then
          text = text .. (" It sold %s in 30 days."):format(words.count(item.sold_30d, "unit", "units"))
        end
        keep.add {
          sku = item.sku, market = item.market, text = text .. " Find out why, and put it back on sale.",
          numbers = numbers, rows = { "sku:" .. item.sku }, weight = weight,
        }
      end
    end
    keep.say(say)
  end,
}

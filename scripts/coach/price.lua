-- SPDX-License-Identifier: Apache-2.0
-- A price below the lowest one the seller wants, and a price that others undercut.
--
--     below the floor      raise it to the floor
--     others ask less      ask what they ask, never less than the floor: max(rival, floor)
--     no floor is known    then nothing is proposed but to say one
--
-- Amounts in different currencies are never compared.
local best = use("lib.best")
local money = use("lib.money")
local words = use("lib.words")

local function same(a, b)
  return a ~= nil and a == b
end

local function words_of(item, floor, rival, to)
  local function amount(minor) return money(minor, item.currency) end
  local name, price = words.product(item), amount(item.price)
  if floor and item.price < floor then
    return ("%s asks %s, which is less than your lowest price of %s. Raise it to %s."):format(
      name, price, amount(floor), amount(to))
  end
  local text = ("%s asks %s, another offer asks %s with shipping."):format(name, price, amount(rival))
  if not to then
    return text .. " Say the lowest price you would ask, and what to ask will be proposed."
  end
  return text .. (" Ask %s%s."):format(amount(to), to > rival and ", your lowest price, and no less" or "")
end

local function numbers_of(item, floor, rival, to)
  local list = {}
  local function add(name, minor)
    if minor then list[#list + 1] = { name = name, money = minor, currency = item.currency } end
  end
  add("price", item.price)
  add("floor", floor)
  add("rival", rival)
  add("ask", to)
  if rival and item.asin then list[#list + 1] = { name = "asin", text = item.asin } end
  return list
end

return {
  id     = "price.compare",
  title  = "Price against floor and competition",
  about  = "Compares the price of each active listing with its lowest price and with what another offer asks.",
  on     = { "figures.changed" },
  needs  = { "listings" },
  params = { most = 100 },
  check = function(facts, say, params)
    local keep = best(params.most)
    for _, item in ipairs(facts.listings) do
      local price, currency = item.price, item.currency
      local is_active = item.status == nil or item.status:lower() == "active"
      local floor = same(item.floor_currency, currency) and item.floor or nil
      local rival = same(item.rival_currency, currency) and item.rival or nil
      local to, weight
      if not price or not is_active then
        weight = nil
      elseif floor and price < floor then
        to = floor
        weight = 600 + math.min((floor - price) * 100 // floor, 99)
      elseif rival and rival < price then
        to = floor and math.max(rival, floor)
        weight = (not to or to < price) and 300 + math.min((price - rival) * 100 // price, 99) or nil
      end
      if weight and keep.wants(weight) then
        keep.add {
          sku = item.sku, market = item.market, weight = weight, text = words_of(item, floor, rival, to),
          numbers = numbers_of(item, floor, rival, to), rows = { "sku:" .. item.sku },
        }
      end
    end
    keep.say(say)
  end,
}

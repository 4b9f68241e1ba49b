-- SPDX-License-Identifier: Apache-2.0
local DE = "A1PA6795UKMFR9"

local function listings(given)
  local item = { market = DE, sku = "L-1", asin = "B000000001", title = "Lamp", status = "Active", fulfilment = "seller",
                 currency = "EUR", price = 1299, units = 5, sold_7d = 1, sold_30d = 4, told = 1795600800 }
  for name, value in pairs(given) do item[name] = value end
  if item.price == 0 then item.price = nil end
  return { listings = { columns = { "asin", "title", "status", "price", "floor", "floor_currency", "rival", "rival_currency",
                                    "rival_told" }, item } }
end

return {
  rule = "price.compare",
  { name = "nothing to compare with", facts = listings {}, says = {} },
  {
    name  = "below the floor",
    facts = listings { floor = 1400, floor_currency = "EUR" },
    says  = { { key = DE .. " L-1", weight = 607, rows = { "sku:L-1" },
                text = "Lamp asks 12.99 EUR, which is less than your lowest price of 14.00 EUR. Raise it to 14.00 EUR.",
                numbers = { { name = "price", money = 1299, currency = "EUR" }, { name = "floor", money = 1400, currency = "EUR" },
                            { name = "ask", money = 1400, currency = "EUR" } } } },
  },
  { name = "at the floor", facts = listings { floor = 1299, floor_currency = "EUR" }, says = {} },
  {
    name  = "others ask less, and the floor allows it",
    facts = listings { floor = 1000, floor_currency = "EUR", rival = 1205, rival_currency = "EUR" },
    says  = { { weight = 307, text = "Lamp asks 12.99 EUR, another offer asks 12.05 EUR with shipping. Ask 12.05 EUR.",
                numbers = { { name = "price", money = 1299, currency = "EUR" }, { name = "floor", money = 1000, currency = "EUR" },
                            { name = "rival", money = 1205, currency = "EUR" }, { name = "ask", money = 1205, currency = "EUR" },
                            { name = "asin", text = "B000000001" } } } },
  },
  {
    name  = "never below the floor",
    facts = listings { floor = 1250, floor_currency = "EUR", rival = 1205, rival_currency = "EUR" },
    says  = { { text = "Lamp asks 12.99 EUR, another offer asks 12.05 EUR with shipping. Ask 12.50 EUR, your lowest price, and"
                       .. " no less." } },
  },
  {
    name  = "it asks its lowest price already",
    facts = listings { floor = 1299, floor_currency = "EUR", rival = 1205, rival_currency = "EUR" },
    says  = {},
  },
  {
    name  = "without a floor nothing is proposed but to say one",
    facts = listings { rival = 1205, rival_currency = "EUR" },
    says  = { { text = "Lamp asks 12.99 EUR, another offer asks 12.05 EUR with shipping. Say the lowest price you would ask,"
                       .. " and what to ask will be proposed.",
                numbers = { { name = "price", money = 1299, currency = "EUR" }, { name = "rival", money = 1205, currency = "EUR" },
                            { name = "asin", text = "B000000001" } } } },
  },
  { name = "others ask the same", facts = listings { rival = 1299, rival_currency = "EUR" }, says = {} },
  {
    name  = "other currencies are not compared",
    facts = listings { floor = 9900, floor_currency = "SEK", rival = 100, rival_currency = "USD" },
    says  = {},
  },
  { name = "inactive ones are left alone", facts = listings { status = "Inactive", rival = 1, rival_currency = "EUR" }, says = {} },
  { name = "the price is not known", facts = listings { price = 0, rival = 1, rival_currency = "EUR" }, says = {} },
  {
    name  = "yen have no cents",
    facts = listings { currency = "JPY", price = 1500, floor = 1600, floor_currency = "JPY" },
    says  = { { text = "Lamp asks 1500 JPY, which is less than your lowest price of 1600 JPY. Raise it to 1600 JPY." } },
  },
}

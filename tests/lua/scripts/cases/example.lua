-- SPDX-License-Identifier: Apache-2.0
local function item(sku, units, sold)
  return { sku = sku, title = "Lamp " .. sku, market = "A1PA6795UKMFR9", units = units, sold_30d = sold,
           price = 1299, price_currency = "EUR" }
end

return {
  rule = "example.runs_out",
  {
    name = "lasts long enough",
    facts = { today = 20000, stock = { item("A-1", 100, 30) } },
    says = {},
  },
  {
    name = "two of three run out",
    facts = { today = 20000, stock = { item("A-1", 13, 30), item("A-2", 14, 30), item("A-3", 1, 30) } },
    says = {
      { key = "A1PA6795UKMFR9 A-1", sku = "A-1", weight = 1, text = "Lamp A-1 lasts 13 days.", rows = { "sku:A-1" },
        numbers = { { name = "units", count = 13 }, { name = "price", money = 1299, currency = "EUR" },
                    { name = "last_day", day = 20013 } } },
      { sku = "A-3", weight = 13, text = "Lamp A-3 lasts 1 day." },
    },
  },
  {
    name = "a shorter delivery",
    facts = { today = 20000, stock = { item("A-1", 13, 30) } },
    params = { delivery_days = 13 },
    says = {},
  },
  {
    name = "one SKU alone, without its title",
    facts = { today = 20000, stock = { item("A-1", 13, 30), item("A-2", 2, 30) } },
    params = { only = "A-2", with_title = false },
    says = { { sku = "A-2", text = "A-2 lasts 2 days." } },
  },
  {
    name = "no stock at all",
    facts = { today = 20000, stock = {} },
    says = {},
  },
  {
    name = "units are not known",
    facts = { today = 20000, stock = { columns = { "units" }, { sku = "A-1", sold_30d = 3 } } },
    fails = "attempt to perform arithmetic on a nil value (field 'units')",
  },
  {
    name = "a column is missing",
    facts = { today = 20000, stock = { { sku = "A-1", sold_30d = 3 } } },
    fails = "facts.stock has no column 'units'; it has sku, sold_30d",
  },
  {
    name = "facts are missing",
    facts = { today = 20000 },
    fails = "needs the facts \"stock\"",
  },
}

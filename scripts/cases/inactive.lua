-- SPDX-License-Identifier: Apache-2.0
local DE = "A1PA6795UKMFR9"

local function listing(status, units, sold)
  return { listings = { columns = { "asin", "title", "status", "units", "price" },
    { market = DE, sku = "L-1", title = "Lamp", status = status, fulfilment = "seller", currency = "EUR", price = 1299,
      units = units, sold_7d = 0, sold_30d = sold, told = 1795600800 } } }
end

return {
  rule = "listing.inactive",
  {
    name  = "inactive with stock",
    facts = listing("Inactive", 5, 0),
    says  = { { key = DE .. " L-1", sku = "L-1", weight = 405, rows = { "sku:L-1" },
                text = "Lamp is inactive, but 5 units could be sold. Find out why, and put it back on sale.",
                numbers = { { name = "status", text = "Inactive" }, { name = "units", count = 5 }, { name = "sold_30d", count = 0 },
                            { name = "price", money = 1299, currency = "EUR" } } } },
  },
  {
    name  = "what sold until lately weighs more",
    facts = listing("Incomplete", 1, 40),
    says  = { { weight = 441, text = "Lamp is incomplete, but 1 unit could be sold. It sold 40 units in 30 days. Find out why, and"
                                     .. " put it back on sale." } },
  },
  { name = "inactive without stock", facts = listing("Inactive", 0, 3), says = {} },
  { name = "stock is not known", facts = listing("Inactive", nil, 3), says = {} },
  { name = "active", facts = listing("Active", 5, 0), says = {} },
  { name = "a word that nobody has heard of", facts = listing("Suspended", 5, 0), says = {} },
  { name = "the status is not known", facts = listing(nil, 5, 0), says = {} },
}

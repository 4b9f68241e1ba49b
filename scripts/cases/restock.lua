-- SPDX-License-Identifier: Apache-2.0
local DE = "A1PA6795UKMFR9"

local function lamp(units, inbound, sold, lead)
  return { market = DE, sku = "L-1", asin = "B000000001", title = "Lamp", fulfilment = "marketplace", units = units,
           inbound = inbound, reserved = 0, unsellable = 0, told = 1795600800, told_day = 20782, sold_7d = sold // 4,
           sold_30d = sold, lead_days = lead }
end

local function stock(...)
  return { stock = { columns = { "lead_days", "title", "told_day" }, ... } }
end

return {
  rule = "stock.restock",
  {
    name  = "lasts longer than a delivery and a week",
    facts = stock(lamp(75, 0, 60, 30)),           -- 37 days; 30 + 7 are wanted
    says  = {},
  },
  {
    name  = "a unit less and it is said, with all its numbers",
    facts = stock(lamp(73, 0, 60, 30)),
    says  = {
      { key = DE .. " L-1", sku = "L-1", market = DE, weight = 501, rows = { "sku:L-1" },
        text = "Lamp lasts 36 days more at 2.0 a day, a delivery takes 30 days: order 47.",
        numbers = {
          { name = "units", count = 73 }, { name = "inbound", count = 0 }, { name = "sold_30d", count = 60 },
          { name = "lasts_days", count = 36 }, { name = "lead_days", count = 30 }, { name = "order_units", count = 47 },
          { name = "runs_out", day = 20782 + 36 } } },
    },
  },
  {
    name  = "what is on its way counts",
    facts = stock(lamp(13, 60, 60, 30)),
    says  = { { text = "Lamp lasts 36 days more at 2.0 a day, a delivery takes 30 days: order 47." } },
  },
  {
    name  = "the usual lead time where its own is not known",
    facts = stock(lamp(10, 0, 30, nil)),
    says  = { { weight = 527, text = "Lamp lasts 10 days more at 1.0 a day, a delivery takes 30 days: order 50.",
                numbers = {
                  { name = "units", count = 10 }, { name = "inbound", count = 0 }, { name = "sold_30d", count = 30 },
                  { name = "lasts_days", count = 10 }, { name = "lead_days_usual", count = 30 },
                  { name = "order_units", count = 50 }, { name = "runs_out", day = 20792 } } } },
  },
  {
    name  = "out of stock weighs more; a day of the pace has one decimal, and orders are rounded up",
    facts = stock(lamp(0, 0, 45, 10)),            -- 45 * 40 / 30 = 60
    says  = { { weight = 717, text = "Lamp is out of stock. It sold 1.5 a day; order 60." } },
  },
  {
    name  = "rounded up",
    facts = stock(lamp(0, 0, 7, 10)),             -- 7 * 40 / 30 = 9.33
    says  = { { text = "Lamp is out of stock. It sold 0.2 a day; order 10." } },
  },
  {
    name  = "what hardly sells is left alone",
    facts = stock(lamp(0, 0, 1, 10)),
    says  = {},
  },
  {
    name   = "unless the shop wants it",
    facts  = stock(lamp(0, 0, 1, 10)),
    params = { least_sold = 1 },
    says   = { { text = "Lamp is out of stock. It sold 0.0 a day; order 2." } },
  },
  {
    name   = "the heaviest first, and no more than wanted",
    facts  = stock(lamp(30, 0, 60, 30),
                   { market = DE, sku = "L-2", fulfilment = "seller", units = 0, inbound = 0, reserved = 0, unsellable = 0,
                     told = 1795600800, sold_7d = 0, sold_30d = 9, lead_days = 3 }),
    params = { most = 1 },
    says   = { { sku = "L-2", text = "L-2 is out of stock. It sold 0.3 a day; order 10." } },
  },
  {
    name  = "no stock report at all",
    facts = stock(),
    says  = {},
  },
}

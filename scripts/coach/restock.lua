-- SPDX-License-Identifier: Apache-2.0
-- What runs out before a new delivery can be there.
--
--     lasts   = (units + inbound) * 30 // sold in 30 days, in whole days
--     said if   lasts < lead time + safety
--     order   = what is sold in lead time + cover days, rounded up, less what is there and on its way
--
-- The day on which it runs out is counted from the day of the stock report, so it stays the same until a newer one.
local best = use("lib.best")
local words = use("lib.words")

return {
  id     = "stock.restock",
  title  = "Restock in time",
  about  = "Compares how long the stock lasts at the pace of the last 30 days with how long a delivery takes.",
  on     = { "figures.changed" },
  needs  = { "stock" },
  params = {
    lead_days   = 30,                             -- for products whose own is not known
    safety_days = 7,                              -- earlier than needed
    cover_days  = 30,                             -- how long a new delivery is to last
    least_sold  = 2,                              -- in 30 days; slower ones are not looked at
    most        = 100,
  },
  check = function(facts, say, params)
    local keep = best(params.most)
    for _, item in ipairs(facts.stock) do
      local sold = item.sold_30d
      if sold >= params.least_sold then
        local lead = item.lead_days or params.lead_days
        local there = item.units + item.inbound
        local lasts = there * 30 // sold
        local short = lead + params.safety_days - lasts
        local weight = (there == 0 and 700 or 500) + math.min(short, 99)
        if short > 0 and keep.wants(weight) then
          local order = (sold * (lead + params.cover_days) + 29) // 30 - there
          local name = words.product(item)
          local text
          if there == 0 then
            text = ("%s is out of stock. It sold %s a day; order %d."):format(name, words.per_day(sold), order)
          else
            text = ("%s lasts %s more at %s a day, a delivery takes %s: order %d."):format(
              name, words.count(lasts, "day", "days"), words.per_day(sold), words.count(lead, "day", "days"), order)
          end
          local numbers = {
            { name = "units", count = item.units },
            { name = "inbound", count = item.inbound },
            { name = "sold_30d", count = sold },
            { name = "lasts_days", count = lasts },
            { name = item.lead_days and "lead_days" or "lead_days_usual", count = lead },
            { name = "order_units", count = order },
          }
          if item.told_day then
            numbers[#numbers + 1] = { name = "runs_out", day = item.told_day + lasts }
          end
          keep.add {
            sku = item.sku, market = item.market, weight = weight, text = text, numbers = numbers,
            rows = { "sku:" .. item.sku },
          }
        end
      end
    end
    keep.say(say)
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A rule as small as rules get: what lasts fewer days than the next delivery takes.
local words = use("lib.words")

return {
  id     = "example.runs_out",
  title  = "Runs out before the next delivery",
  about  = "Compares how long the stock lasts with how long a delivery takes.",
  on     = { "figures.changed" },
  needs  = { "stock" },
  params = { delivery_days = 14, only = "", with_title = true },
  check  = function(facts, say, params)
    for _, item in ipairs(facts.stock) do
      local days = item.units * 30 // math.max(item.sold_30d, 1)
      if days < params.delivery_days and (params.only == "" or params.only == item.sku) then
        say {
          sku = item.sku, market = item.market, weight = params.delivery_days - days,
          text = ("%s lasts %s."):format(params.with_title and item.title or item.sku, words.days(days)),
          numbers = {
            { name = "units", count = item.units },
            { name = "price", money = item.price, currency = item.price_currency },
            { name = "last_day", day = facts.today + days },
          },
          rows = { "sku:" .. item.sku },
        }
      end
    end
  end,
}

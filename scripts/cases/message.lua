-- SPDX-License-Identifier: Apache-2.0
local DE = "A1PA6795UKMFR9"
local NOW = 1795600800
local HOUR = 3600

-- A talk whose letter has waited for so many hours.
local function talk(id, waited, given)
  local one = { thread = id, ref = "thread:" .. id, market = DE, order_id = "303-1234567-1234567", subject = "Lamp?",
                buyer = "Anna", waits = NOW - waited * HOUR, due = NOW - waited * HOUR + 24 * HOUR, now = NOW }
  for name, value in pairs(given or {}) do one[name] = value end
  return one
end

local function threads(...)
  return { threads = { columns = { "market", "order_id", "due" }, ... } }
end

local no_order = talk("t9", 20)
no_order.order_id, no_order.market, no_order.due, no_order.buyer, no_order.subject = nil, nil, nil, "", ""

return {
  rule = "message.answer",
  { name = "there is time", facts = threads(talk("t1", 15)), says = {} },
  {
    name  = "eight hours are left",
    facts = threads(talk("t1", 16)),
    says  = { { key = "thread:t1", ref = "thread:t1", market = DE, weight = 800,
                text = "Anna waits for an answer about order 303-1234567-1234567; 8 hours are left.",
                rows = { "thread:t1", "order:303-1234567-1234567" },
                numbers = { { name = "waits", instant = NOW - 16 * HOUR }, { name = "due", instant = NOW + 8 * HOUR },
                            { name = "answer_within", seconds = 24 * HOUR }, { name = "subject", text = "Lamp?" } } } },
  },
  {
    name  = "the limit itself is not late",
    facts = threads(talk("t1", 24)),
    says  = { { weight = 808, text = "Anna waits for an answer about order 303-1234567-1234567; less than an hour is left." } },
  },
  {
    name  = "late ones are heavier, the later the more",
    facts = threads(talk("t1", 22), talk("t2", 30), talk("t3", 50)),
    says  = { { key = "thread:t3", weight = 926,
                text = "The answer to Anna about order 303-1234567-1234567 is late by 26 hours: answer now." },
              { key = "thread:t2", weight = 906 }, { key = "thread:t1", weight = 806 } },
  },
  {
    name  = "neither buyer nor order nor limit is known: 24 hours",
    facts = threads(no_order),
    says  = { { key = "thread:t9", text = "The buyer waits for an answer; 4 hours are left.", rows = { "thread:t9" },
                numbers = { { name = "waits", instant = NOW - 20 * HOUR }, { name = "due", instant = NOW + 4 * HOUR },
                            { name = "answer_within", seconds = 24 * HOUR } } } },
  },
  {
    name  = "a marketplace that gives 48 hours",
    facts = threads(talk("t1", 45, { due = NOW + 3 * HOUR })),
    says  = { { text = "Anna waits for an answer about order 303-1234567-1234567; 3 hours are left." } },
  },
  {
    name   = "a shop that wants to hear of it early",
    facts  = threads(talk("t1", 1)),
    params = { warn_hours = 23 },
    says   = { { weight = 800 } },
  },
}

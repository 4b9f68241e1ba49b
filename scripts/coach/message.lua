-- SPDX-License-Identifier: Apache-2.0
-- Buyers who must be answered soon, or should have been.
--
--     until    the oldest letter that waits + the time the marketplace gives (hours, where that is not known)
--     said if  less than warn_hours are left; late ones are heavier, the later the more
--
-- Its numbers hold since when and until when, not how long: they stay the same while the clock goes on.
local best = use("lib.best")
local words = use("lib.words")

local HOUR = 3600

return {
  id     = "message.answer",
  title  = "Buyer message near its limit",
  about  = "Finds talks whose oldest letter without an answer is close to the limit for answers, or past it.",
  on     = { "letters.changed" },
  needs  = { "threads" },
  params = { warn_hours = 8, hours = 24, most = 200 },
  check = function(facts, say, params)
    local keep = best(params.most)
    for _, talk in ipairs(facts.threads) do
      local due = talk.due or talk.waits + params.hours * HOUR
      local left = due - talk.now
      if left <= params.warn_hours * HOUR then
        local buyer = talk.buyer ~= "" and talk.buyer or "The buyer"
        local about = talk.order_id and (" about order %s"):format(talk.order_id) or ""
        local text, weight
        if left < 0 then
          local hours = -left // HOUR
          weight = 900 + math.min(hours, 99)
          text = ("%s%s is late by %s: answer now."):format(("The answer to %s"):format(
            talk.buyer ~= "" and talk.buyer or "the buyer"), about,
            hours == 0 and "less than an hour" or words.count(hours, "hour", "hours"))
        else
          local hours = left // HOUR
          weight = 800 + math.max(0, params.warn_hours - hours)
          text = ("%s waits for an answer%s; %s left."):format(buyer, about,
            hours == 0 and "less than an hour is" or words.count(hours, "hour is", "hours are"))
        end
        keep.add {
          key = talk.ref, ref = talk.ref, market = talk.market, text = text, weight = weight,
          numbers = {
            { name = "waits", instant = talk.waits },
            { name = "due", instant = due },
            { name = "answer_within", seconds = due - talk.waits },
            talk.subject ~= "" and { name = "subject", text = utf8.len(talk.subject) and talk.subject:sub(1,
              (utf8.offset(talk.subject, 81) or #talk.subject + 1) - 1) or "" } or nil,
          },
          rows = { talk.ref, talk.order_id and "order:" .. talk.order_id or nil },
        }
      end
    end
    keep.say(say)
  end,
}

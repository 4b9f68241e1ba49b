-- SPDX-License-Identifier: Apache-2.0
-- The list behind ipairs is asked for.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local f, s = ipairs(facts.stock)
    s[1] = nil
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- The row behind pairs is asked for.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local f, s = pairs(facts.stock[1])
    s.units = 0
  end,
}

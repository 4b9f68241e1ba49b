-- SPDX-License-Identifier: Apache-2.0
-- A list without end: one block of it is refused.
-- ends: memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    for i = 1, math.maxinteger do t[i] = i end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A comparison that is always true.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    for i = 1, 20000 do t[i] = i end
    table.sort(t, function() return true end)
  end,
}

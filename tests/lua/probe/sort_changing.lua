-- SPDX-License-Identifier: Apache-2.0
-- A comparison that changes the list.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    for i = 1, 1000 do t[i] = i end
    table.sort(t, function(a, b) t[#t] = nil return a > b end)
  end,
}

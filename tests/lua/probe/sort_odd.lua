-- SPDX-License-Identifier: Apache-2.0
-- A comparison that has no order.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t, n = {}, 0
    for i = 1, 20000 do t[i] = i end
    table.sort(t, function() n = n + 1 return n % 3 == 0 end)
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- Sixty thousand references to two long texts.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local a, b, t = ("x"):rep(1000000) .. "a", ("x"):rep(1000000) .. "b", {}
    for i = 1, 60000 do t[i] = i % 2 == 0 and a or b end
    table.sort(t)
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- Long texts as keys.
-- ends: steps | memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t, a = {}, ("x"):rep(900000)
    for i = 1, math.maxinteger do t[a .. i] = nil local _ = t[a .. i] end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A loop that is as good as endless.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    for _ = 1, math.maxinteger do end
  end,
}

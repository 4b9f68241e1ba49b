-- SPDX-License-Identifier: Apache-2.0
-- Much garbage, nothing held.
-- ends: steps | memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    for i = 1, math.maxinteger do local _ = { i, { i }, tostring(i) } end
  end,
}

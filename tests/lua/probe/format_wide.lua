-- SPDX-License-Identifier: Apache-2.0
-- Numbers printed as wide as can be.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do ("%99.99f"):format(1e308) end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A loop of a jump alone.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    ::again:: goto again
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- The range of all numbers.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return table.concat({}, "", math.mininteger, math.maxinteger)
  end,
}

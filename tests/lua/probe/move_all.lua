-- SPDX-License-Identifier: Apache-2.0
-- Everything moved to the end of all numbers.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    table.move({}, 1, math.maxinteger - 1, math.maxinteger)
  end,
}

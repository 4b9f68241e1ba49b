-- SPDX-License-Identifier: Apache-2.0
-- A range without end.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return table.concat({}, "", 1, 1 << 40)
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A hundred million values at once.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return table.unpack({}, 1, 100000000)
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- More values than are given at once.
-- ends: at most 1000 values
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return table.unpack({}, 1, 100000)
  end,
}

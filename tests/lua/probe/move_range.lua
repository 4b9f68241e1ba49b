-- SPDX-License-Identifier: Apache-2.0
-- A quintillion nothings moved.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    table.move({}, 1, 1 << 60, 2)
  end,
}

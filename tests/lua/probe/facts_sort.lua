-- SPDX-License-Identifier: Apache-2.0
-- The rows are sorted.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    table.sort(facts.stock, function(a, b) return a.units < b.units end)
  end,
}

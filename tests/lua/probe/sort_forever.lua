-- SPDX-License-Identifier: Apache-2.0
-- A comparison that does not come back.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    table.sort({ 2, 1 }, function() while true do end end)
  end,
}

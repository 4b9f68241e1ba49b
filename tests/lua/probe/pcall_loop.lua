-- SPDX-License-Identifier: Apache-2.0
-- The end by a limit is caught.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do pcall(function() while true do end end) end
  end,
}

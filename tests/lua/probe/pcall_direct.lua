-- SPDX-License-Identifier: Apache-2.0
-- pcall of pcall of a loop.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do pcall(pcall, pcall, function() while true do end end) end
  end,
}

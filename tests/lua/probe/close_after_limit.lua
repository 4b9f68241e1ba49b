-- SPDX-License-Identifier: Apache-2.0
-- A variable that is closed when the limit was reached.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local x <close> = setmetatable({}, { __close = function() while true do end end })
    while true do end
  end,
}

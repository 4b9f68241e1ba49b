-- SPDX-License-Identifier: Apache-2.0
-- Functions without end.
-- ends: memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local f
    while true do local g = f f = function() return g end end
  end,
}

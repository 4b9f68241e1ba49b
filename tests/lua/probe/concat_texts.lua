-- SPDX-License-Identifier: Apache-2.0
-- Long texts put together: one instruction, much memory.
-- ends: memory | steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local a, b = ("x"):rep(500000), ("y"):rep(500000)
    while true do local _ = a .. b end
  end,
}

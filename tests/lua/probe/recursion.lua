-- SPDX-License-Identifier: Apache-2.0
-- Endless calls that need stack.
-- ends: memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f() return 1 + f() end
    f()
  end,
}

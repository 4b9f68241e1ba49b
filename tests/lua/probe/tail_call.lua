-- SPDX-License-Identifier: Apache-2.0
-- Endless calls that need no stack.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f() return f() end
    f()
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- pcall of pcall of pcall ...: Lua's own depth of C ends it.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f() return pcall(f) end
    f()
  end,
}

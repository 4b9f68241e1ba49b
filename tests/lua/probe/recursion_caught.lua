-- SPDX-License-Identifier: Apache-2.0
-- Endless calls, each error caught.
-- ends: steps | memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f() pcall(f) return pcall(f) end
    while true do f() end
  end,
}

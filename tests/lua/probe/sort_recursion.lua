-- SPDX-License-Identifier: Apache-2.0
-- A comparison that sorts.
-- ends: stack overflow
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f() table.sort({ 1, 2 }, f) return true end
    f()
  end,
}

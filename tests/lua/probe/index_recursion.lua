-- SPDX-License-Identifier: Apache-2.0
-- A metamethod that needs itself.
-- ends: stack overflow
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = setmetatable({}, { __index = function(t, k) return t[k .. 1] end })
    return t.x
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A __concat that concatenates.
-- ends: stack overflow
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    setmetatable(t, { __concat = function(a, b) return a .. b end })
    return t .. t
  end,
}

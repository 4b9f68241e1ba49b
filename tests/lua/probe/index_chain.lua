-- SPDX-License-Identifier: Apache-2.0
-- A table that is its own __index.
-- ends: loop
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    setmetatable(t, { __index = t })
    return t.x
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A list that says it is endless: lengths are raw.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = setmetatable({}, { __index = function() return "x" end, __len = function() return 1 << 40 end })
    return table.concat(t)
  end,
}

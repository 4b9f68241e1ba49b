-- SPDX-License-Identifier: Apache-2.0
-- The same, caught at each level.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f(n)
      local x <close> = setmetatable({}, { __close = function() while true do end end })
      if n > 0 then pcall(f, n - 1) end
      while true do end
    end
    while true do pcall(f, 60) end
  end,
}

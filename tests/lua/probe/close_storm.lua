-- SPDX-License-Identifier: Apache-2.0
-- Very many variables to be closed, each with a loop.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f(n)
      local x <close> = setmetatable({}, { __close = function() while true do end end })
      if n > 0 then f(n - 1) end
      while true do end
    end
    f(150)
  end,
}

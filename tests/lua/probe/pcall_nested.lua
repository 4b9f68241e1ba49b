-- SPDX-License-Identifier: Apache-2.0
-- The end by a limit is caught, deep inside.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f(n)
      if n > 0 then pcall(f, n - 1) end
      while true do end
    end
    while true do pcall(f, 50) end
  end,
}

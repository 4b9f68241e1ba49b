-- SPDX-License-Identifier: Apache-2.0
-- A finalizer, which would run where no hook counts.
-- ends: cannot have __gc
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    setmetatable({}, { __gc = function() while true do end end })
  end,
}

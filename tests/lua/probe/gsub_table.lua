-- SPDX-License-Identifier: Apache-2.0
-- A replacement by a table that works for ever.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return (("x"):gsub(".", setmetatable({}, { __index = function() while true do end end })))
  end,
}

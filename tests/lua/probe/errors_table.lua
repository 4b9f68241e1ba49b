-- SPDX-License-Identifier: Apache-2.0
-- An error that is a table whose __tostring does not come back.
-- ends: not a text but a table
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    error(setmetatable({}, { __tostring = function() while true do end end }))
  end,
}

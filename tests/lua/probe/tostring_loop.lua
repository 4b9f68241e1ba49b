-- SPDX-License-Identifier: Apache-2.0
-- A __tostring that does not come back.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return ("%s"):format(setmetatable({}, { __tostring = function() while true do end end }))
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A row is used as a metatable.
-- ends: no metatable
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    setmetatable({}, facts.stock[1])
  end,
}

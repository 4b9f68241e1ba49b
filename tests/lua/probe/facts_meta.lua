-- SPDX-License-Identifier: Apache-2.0
-- A row gets another metatable.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    setmetatable(facts.stock[1], {})
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A weak table, whose entries would go at any time.
-- ends: cannot have __mode
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    setmetatable({}, { __mode = "k" })
  end,
}

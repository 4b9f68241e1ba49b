-- SPDX-License-Identifier: Apache-2.0
-- A row is taken away.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    table.remove(facts.stock)
  end,
}

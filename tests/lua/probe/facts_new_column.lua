-- SPDX-License-Identifier: Apache-2.0
-- A fact gets a new field.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    facts.stock[1].mine = 0
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A fact is changed.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    facts.stock[1].units = 0
  end,
}

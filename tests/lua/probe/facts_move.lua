-- SPDX-License-Identifier: Apache-2.0
-- Rows are moved within the facts.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    table.move(facts.stock, 1, 2, 2, facts.stock)
  end,
}

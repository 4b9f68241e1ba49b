-- SPDX-License-Identifier: Apache-2.0
-- A row is added by insert.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    table.insert(facts.stock, { sku = "mine" })
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A row is added.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    facts.stock[#facts.stock + 1] = { sku = "mine" }
  end,
}

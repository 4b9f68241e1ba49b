-- SPDX-License-Identifier: Apache-2.0
-- A column that there is not.
-- ends: has no column 'unitss'; it has sku, units
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return facts.stock[1].unitss
  end,
}

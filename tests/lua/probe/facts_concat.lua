-- SPDX-License-Identifier: Apache-2.0
-- A row is closed over by table.concat: it shows nothing but entries.
-- ends: entry 1 of the list is a table
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return table.concat(facts.stock)
  end,
}

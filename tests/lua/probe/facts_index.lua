-- SPDX-License-Identifier: Apache-2.0
-- The real row behind a row is asked for.
-- ends: has no column '__index'
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return facts.stock[1].__index
  end,
}

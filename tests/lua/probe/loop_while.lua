-- SPDX-License-Identifier: Apache-2.0
-- An endless loop.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A global is made.
-- ends: 'mine' would be a global
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    mine = 1
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A table of facts is put in.
-- ends: facts cannot be changed
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    facts.mine = {}
  end,
}

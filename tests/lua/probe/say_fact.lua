-- SPDX-License-Identifier: Apache-2.0
-- A fact is said.
-- ends: not a fact
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    say(facts.stock[1])
  end,
}

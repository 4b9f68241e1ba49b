-- SPDX-License-Identifier: Apache-2.0
-- Nothing, as often as there are numbers: Lua's own rep never comes back.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return (""):rep(math.maxinteger)
  end,
}

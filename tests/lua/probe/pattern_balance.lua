-- SPDX-License-Identifier: Apache-2.0
-- Brackets that are never closed.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return ("("):rep(1000000):find("%b()")
  end,
}

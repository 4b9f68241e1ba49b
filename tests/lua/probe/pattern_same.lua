-- SPDX-License-Identifier: Apache-2.0
-- A capture that is compared at every place.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return ("a"):rep(1000000):find("(a*)%1b")
  end,
}

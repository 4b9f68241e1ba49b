-- SPDX-License-Identifier: Apache-2.0
-- A replacement that begins at every place.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return ("a"):rep(1000000):gsub("a*a*a*b", "")
  end,
}

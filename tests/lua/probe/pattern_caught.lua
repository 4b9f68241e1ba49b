-- SPDX-License-Identifier: Apache-2.0
-- A search without end, its error caught.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do pcall(string.find, ("a"):rep(100000), ".-.-b") end
  end,
}

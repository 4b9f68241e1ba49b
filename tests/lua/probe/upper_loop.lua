-- SPDX-License-Identifier: Apache-2.0
-- A megabyte made large, again and again.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = ("x"):rep(1000000)
    while true do s:upper():lower():reverse() end
  end,
}

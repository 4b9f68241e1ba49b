-- SPDX-License-Identifier: Apache-2.0
-- A replacement between all characters, again and again.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = ("x"):rep(100000)
    while true do s:gsub("", "-") end
  end,
}

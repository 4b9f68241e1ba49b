-- SPDX-License-Identifier: Apache-2.0
-- A megabyte of digits.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = ("1"):rep(1000000)
    while true do tonumber(s) tonumber(s, 36) end
  end,
}

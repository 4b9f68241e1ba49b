-- SPDX-License-Identifier: Apache-2.0
-- A megabyte at a time, the error caught.
-- ends: memory | steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do pcall(string.rep, "x", 1 << 20) end
  end,
}

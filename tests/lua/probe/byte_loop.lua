-- SPDX-License-Identifier: Apache-2.0
-- A long text taken apart.
-- ends: steps | memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = ("x"):rep(20000)
    while true do pcall(string.byte, s, 1, -1) end
  end,
}

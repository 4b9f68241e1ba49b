-- SPDX-License-Identifier: Apache-2.0
-- A long text formatted again and again.
-- ends: steps | memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = ("x"):rep(400000)
    while true do ("%s"):format(s) end
  end,
}

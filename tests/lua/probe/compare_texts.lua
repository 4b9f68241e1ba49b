-- SPDX-License-Identifier: Apache-2.0
-- Long texts compared: one instruction, one walk over both.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local a, b = ("x"):rep(1000000) .. "a", ("x"):rep(1000000) .. "b"
    while true do local _ = a < b end
  end,
}

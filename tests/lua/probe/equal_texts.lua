-- SPDX-License-Identifier: Apache-2.0
-- Long equal texts that are two.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local a, b = ("x"):rep(1000000), ("x"):rep(500000) .. ("x"):rep(500000)
    while true do local _ = a == b end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- Texts without end.
-- ends: memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t, n, part = {}, 0, ("x"):rep(200)
    while true do
      n = n + 1
      t[n % 30000] = part:rep(10) .. n
    end
  end,
}

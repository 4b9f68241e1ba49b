-- SPDX-License-Identifier: Apache-2.0
-- A table with very many fields.
-- ends: say knows no
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = { key = "k", text = "x" }
    for i = 1, 20000 do t["f" .. i] = i end
    say(t)
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- Everything shifted by one, again and again.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    for i = 1, 60000 do t[i] = i end
    while true do table.insert(t, 1, 0) table.remove(t, 1) end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A format of very many items.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local f = ("%99.99f"):rep(100000)
    local t = {}
    for i = 1, 1000 do t[i] = 1e308 end
    while true do pcall(string.format, f, table.unpack(t)) end
  end,
}

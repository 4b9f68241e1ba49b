-- SPDX-License-Identifier: Apache-2.0
-- A long text often.
-- ends: longer than 512 KiB
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    for i = 1, 1000 do t[i] = ("0123456789"):rep(1000) end
    return table.concat(t)
  end,
}

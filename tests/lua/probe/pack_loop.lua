-- SPDX-License-Identifier: Apache-2.0
-- Lists of lists.
-- ends: steps | memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    while true do t = table.pack(t, t, t) end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A finalizer that comes after setmetatable: it is not in the copy, so nothing calls it when all is collected.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local meta = {}
    for _ = 1, 1000 do setmetatable({}, meta) end
    meta.__gc = function() while true do end end
    for i = 1, 700000 do local _ = { i } end
  end,
}

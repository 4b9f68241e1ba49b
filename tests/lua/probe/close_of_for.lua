-- SPDX-License-Identifier: Apache-2.0
-- A loop whose closing value does not come back.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    for _ in function() end, nil, nil, setmetatable({}, { __close = function() while true do end end }) do end
  end,
}

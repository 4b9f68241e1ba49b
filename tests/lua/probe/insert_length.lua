-- SPDX-License-Identifier: Apache-2.0
-- insert and remove with a length that is a lie: lengths are raw.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = setmetatable({}, { __len = function() return 1 << 60 end })
    table.insert(t, 1, 1)
    table.remove(t, 1)
  end,
}

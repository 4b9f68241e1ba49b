-- SPDX-License-Identifier: Apache-2.0
-- Honest work: rows built, filtered and sorted.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    for i = 1, 20000 do t[#t + 1] = { sku = "S" .. i, units = i * 7919 % 1000 } end
    local low = {}
    for _, item in ipairs(t) do
      if item.units < 500 then low[#low + 1] = item end
    end
    table.sort(low, function(a, b) return a.units < b.units end)
    assert(#low == 10000 and low[1].units == 0)
  end,
}

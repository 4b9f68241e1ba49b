-- SPDX-License-Identifier: Apache-2.0
-- Nearly all memory held, the rest asked for again and again.
-- ends: memory | steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local hold, n = {}, 0
    pcall(function() while true do hold = { hold } n = n + 1 end end)
    while true do pcall(function() local t = {} for i = 1, 100 do t[i] = { i } end end) end
  end,
}

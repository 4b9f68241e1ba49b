-- SPDX-License-Identifier: Apache-2.0
-- Out of memory, caught, again and again.
-- ends: memory | steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do
      pcall(function() local t = {} while true do t = { t } end end)
    end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- Tables without end.
-- ends: memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local t = {}
    while true do t = { t } end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A text that doubles.
-- ends: memory
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = "x"
    while true do s = s .. s end
  end,
}

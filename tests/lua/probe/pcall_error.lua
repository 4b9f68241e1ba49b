-- SPDX-License-Identifier: Apache-2.0
-- An error raised in each step.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    while true do pcall(error, "x") end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- Keys that have no order.
-- ends: have no order
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    for _ in pairs({ [{}] = 1, [{}] = 2 }) do end
  end,
}

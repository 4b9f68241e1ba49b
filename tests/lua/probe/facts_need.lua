-- SPDX-License-Identifier: Apache-2.0
-- Facts that were not asked for.
-- ends: facts.orders is not among what this rule needs
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return facts.orders
  end,
}

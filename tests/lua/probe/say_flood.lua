-- SPDX-License-Identifier: Apache-2.0
-- More is said than anybody reads.
-- ends: more than 1000 suggestions
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    for i = 1, 1000000 do say { key = "k" .. i, text = "x" } end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- What refuses is asked for.
-- ends: has no '__newindex'
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return facts.stock.__newindex
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- The library behind methods is asked for.
-- ends: nil value (field '__index')
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return (("").__index).x
  end,
}

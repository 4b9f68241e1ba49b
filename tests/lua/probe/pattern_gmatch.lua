-- SPDX-License-Identifier: Apache-2.0
-- A search that begins at every place.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    for _ in ("a"):rep(1000000):gmatch(".-z") do end
  end,
}

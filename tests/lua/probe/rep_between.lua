-- SPDX-License-Identifier: Apache-2.0
-- Nothing, with as much between as there are numbers.
-- ends: longer than 1024 KiB
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return (""):rep(math.maxinteger, ",")
  end,
}

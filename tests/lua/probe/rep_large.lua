-- SPDX-License-Identifier: Apache-2.0
-- A text of a gigabyte.
-- ends: longer than 1024 KiB
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return ("x"):rep(1000000000)
  end,
}

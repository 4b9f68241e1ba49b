-- SPDX-License-Identifier: Apache-2.0
-- A key that is too long.
-- ends: key is 100000 bytes long
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    say { key = ("x"):rep(100000), text = "x" }
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A text that is too long.
-- ends: text is 100000 bytes long
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    say { key = "k", text = ("x"):rep(100000) }
  end,
}

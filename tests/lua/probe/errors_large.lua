-- SPDX-License-Identifier: Apache-2.0
-- An error with a very long text.
-- ends: coach/probe.lua
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    error(("x"):rep(1000000))
  end,
}

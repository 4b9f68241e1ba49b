-- SPDX-License-Identifier: Apache-2.0
-- An error that is no text anybody can read.
-- ends: coach/probe.lua
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    error("\xFF\0\27[2Jx", 2)
  end,
}

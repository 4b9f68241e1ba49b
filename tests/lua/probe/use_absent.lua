-- SPDX-License-Identifier: Apache-2.0
-- A file that there is not.
-- ends: There is no lib/nothing.lua
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    use("lib.nothing")
  end,
}

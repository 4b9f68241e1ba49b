-- SPDX-License-Identifier: Apache-2.0
-- The characters of a megabyte counted again and again.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = ("x"):rep(1000000)
    while true do utf8.len(s) end
  end,
}

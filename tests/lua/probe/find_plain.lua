-- SPDX-License-Identifier: Apache-2.0
-- Half a megabyte looked for in a megabyte, again and again.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local text, part = ("a"):rep(1000000), ("a"):rep(500000) .. "b"
    while true do text:find(part, 1, true) end
  end,
}

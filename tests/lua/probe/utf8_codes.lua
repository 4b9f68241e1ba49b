-- SPDX-License-Identifier: Apache-2.0
-- A megabyte of characters without a beginning.
-- ends: steps | invalid
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = ("\x80"):rep(1000000)
    while true do pcall(function() for _ in utf8.codes(s) do end end) end
  end,
}

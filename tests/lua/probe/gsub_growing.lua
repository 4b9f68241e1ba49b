-- SPDX-License-Identifier: Apache-2.0
-- A replacement that doubles the text.
-- ends: longer than 512 KiB
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local s = "x"
    while true do s = s:gsub(".", "%0%0") end
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A function called by gsub that calls gsub.
-- ends: stack overflow
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    local function f() return (string.gsub("x", ".", f)) end
    f()
  end,
}

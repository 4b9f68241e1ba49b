-- SPDX-License-Identifier: Apache-2.0
-- The library is changed: it is the run's own.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    string.upper = function() return "mine" end
    table.concat = nil
    math.max = nil
    utf8.len = nil
    string, ipairs, say = nil, nil, nil
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A pattern of four choices.
-- ends: steps
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return ("a"):rep(1000000):match(".-.-.-.-b")
  end,
}

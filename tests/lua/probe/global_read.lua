-- SPDX-License-Identifier: Apache-2.0
-- A global that there is not.
-- ends: there is no 'mine' here
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    return mine
  end,
}

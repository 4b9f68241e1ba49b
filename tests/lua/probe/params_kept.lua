-- SPDX-License-Identifier: Apache-2.0
-- Parameters are the run's own.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    params.mine = 1
  end,
}

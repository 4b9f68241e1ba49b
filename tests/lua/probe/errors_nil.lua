-- SPDX-License-Identifier: Apache-2.0
-- An error that is nothing.
-- ends: not a text but a nil
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    error(nil)
  end,
}

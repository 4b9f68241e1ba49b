-- SPDX-License-Identifier: Apache-2.0
-- What was said wrongly is caught: it was not said.
-- ends: well
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    pcall(say, { sku = "A-1" })
    pcall(say, { sku = "A-1", text = 3 })
    pcall(say, "x")
    pcall(say)
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A name with a zero in it.
-- ends: use wants
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    use("lib.own\0x")
  end,
}

-- SPDX-License-Identifier: Apache-2.0
-- A file outside of the folder.
-- ends: use wants
return {
  id = "probe", title = "Probe", needs = { "stock" }, params = { days = 14 },
  check = function(facts, say, params)
    use("lib.../../../../etc/passwd")
  end,
}

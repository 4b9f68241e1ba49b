-- SPDX-License-Identifier: Apache-2.0
-- What several rules say in the same way.
local words = {}

function words.days(n)
  return n == 1 and "1 day" or ("%d days"):format(n)
end

return words

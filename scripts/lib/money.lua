-- SPDX-License-Identifier: Apache-2.0
-- Money in minor units as it stands in sentences: 1299 EUR is "12.99 EUR", 1299 JPY is "1299 JPY".
local digits = { JPY = 0, KRW = 0, CLP = 0, VND = 0, BHD = 3, JOD = 3, KWD = 3, OMR = 3, TND = 3 }

local function money(minor, currency)
  local places = digits[currency] or 2
  local sign = minor < 0 and "-" or ""
  if minor < 0 then minor = -minor end
  if places == 0 then return ("%s%d %s"):format(sign, minor, currency) end
  local whole = 1
  for _ = 1, places do whole = whole * 10 end
  local rest = tostring(minor % whole)
  return ("%s%d.%s%s %s"):format(sign, minor // whole, ("0"):rep(places - #rest), rest, currency)
end

return money

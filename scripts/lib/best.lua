-- SPDX-License-Identifier: Apache-2.0
-- The heaviest few of many suggestions: a shop of 100,000 listings shall not be told 5,000 things at once.
--
--     local keep = best(params.most)
--     if keep.wants(weight) then keep.add { sku = ..., weight = weight, text = ... } end
--     keep.say(say)
--
-- Of equal weight, those that came first.
local function heavier(a, b)
  return a.weight > b.weight
end

local function best(most)
  local list = {}
  local least                                     -- what was left out is no heavier than this

  local function cut()
    table.sort(list, heavier)
    if #list > most then
      least = list[most] and list[most].weight or math.maxinteger
      for i = #list, most + 1, -1 do list[i] = nil end
    end
  end

  local function wants(weight)
    return not least or weight > least
  end

  return {
    wants = wants,
    add = function(one)
      if not wants(one.weight) then return end
      list[#list + 1] = one
      if #list >= 2 * most + 100 then cut() end
    end,
    say = function(say)
      cut()
      for _, one in ipairs(list) do say(one) end
    end,
  }
end

return best

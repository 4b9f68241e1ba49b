# SPDX-License-Identifier: Apache-2.0
# souk rule: rules are listed and their cases run, also those that are broken, changed or installed.  TAP.
. tests/tap.sh
mkdir -p "$work/scripts/coach" "$work/scripts/cases"
printf '[host]\nscripts = %s\n' "$work/scripts" >"$work/rules.ini"
printf '[host]\nscripts = tests/lua/scripts\n' >"$work/example.ini"
rules() { souk --config "$work/rules.ini" "$@"; }

run souk --config "$work/example.ini" rule list
check "rule list shows id, file, title, facts and parameters" "$(said 0 '' '^example\.runs_out +coach/example\.lua +Runs out'
    grep -q '^    needs stock; parameters delivery_days=14 only= with_title=true$' "$work/out" || cat "$work/out")"
run souk --config "$work/example.ini" rule list --json
check "rule list --json" "$(said 0 ''
    py - "$work/out" <<'END'
import json, sys
rule, = json.load(open(sys.argv[1]))["rules"]
if rule["params"] != {"delivery_days": 14, "only": "", "with_title": True} or rule["needs"] != ["stock"] or rule["fault"]:
    print(rule)
END
)"
run souk --config "$work/example.ini" rule test
check "rule test speaks TAP" "$(said 0 '' '^1\.\.8$'
    same lines "$(grep -c '^ok [1-8] - example\.runs_out: ' "$work/out")" 8)"
run souk --config "$work/example.ini" rule test example.runs_out --json
check "rule test ID --json" "$(said 0 '' '"failed":0'
    same cases "$(grep -o '"is_well":true' "$work/out" | wc -l)" 8)"
run souk --config "$work/example.ini" rule test example.runsout
check "3: a rule that there is not" "$(said 3 'There is no rule example\.runsout; did you mean example\.runs_out\?' '')"

run rules rule list
check "no rules are no fault" "$(said 0 'no rules yet' '')"
cat >"$work/scripts/coach/a.lua" <<'END'
return { id = "a", title = "A", needs = { "stock" }, check = function(facts, say)
  say { key = "k", text = "said" }
end }
END
run rules rule test
check "a rule without cases is named" "$(said 0 '' '^# a has no case$')"
printf 'return { rule = "a", { name = "one", facts = { stock = {} }, says = { { text = "other" } } } }\n' >"$work/scripts/cases/a.lua"
run rules rule test
check "1: a case that fails says how" "$(said 1 '' '^not ok 1 - a: one$'
    grep -qx '# suggestion 1: text is "said" instead of "other"' "$work/out" || cat "$work/out")"
sed -i 's/other/said/' "$work/scripts/cases/a.lua"
run rules rule test
check "and passes when it was mended" "$(said 0 '' '^ok 1 - a: one$')"
printf 'return {\n  id = "b",\n  titel = "B" }\n' >"$work/scripts/coach/b.lua"
run rules rule list
check "78: a broken rule is listed with its line, the others stay" "$(said 78 'b\.lua:' '^\(broken\) +coach/b\.lua +coach/b\.lua:3: a rule knows no .titel.; did you mean .title.\?'
    grep -q '^a  *coach/a.lua' "$work/out" || cat "$work/out")"
run rules rule test
check "1: and fails its test" "$(said 1 'b\.lua:' '^not ok 1 - coach/b\.lua$'
    grep -q '^ok 2 - a: one$' "$work/out" || cat "$work/out")"
run rules rule test b
check "78: as does a test of it alone" "$(said 78 'There is no rule b among those that can be read; coach/b\.lua:' '')"
run souk rule
check "2: what is to be done" "$(said 2 'rule list., .rule test., .rule run. or .rule facts' '')"
printf '[host]\nscripts = %s\n' "$work/nowhere" >"$work/nowhere.ini"
run souk --config "$work/nowhere.ini" rule list
check "78: no such folder" "$(said 78 'The folder of scripts .*/nowhere cannot be read' '')"

run souk rule test
check "the rules that come with Souk pass their cases" "$(said 0 '' '^1\.\.[0-9]+$'
    grep '^# .* has no case$' "$work/out")"
check "and so does the example of scripts/README.md" "$(
    mkdir -p "$work/example/coach" "$work/example/cases"
    awk -v to="$work/example/" '/^```lua$/ { getline; if ($0 !~ /^-- (coach|cases)\//) next; file = to $2 } /^```$/ { file = "" }
        file { print > file }' scripts/README.md
    printf '[host]\nscripts = %s\n' "$work/example" >"$work/readme.ini"
    run souk --config "$work/readme.ini" rule test
    said 0 '' '^1\.\.4$')"
run souk rule facts
check "rule facts lists tables, columns and types" "$(said 0 '' '^threads: ' '^    sold_30d +count +units ordered')"
run souk rule facts stok
check "3: facts that there are not" "$(said 3 'There are no facts stok; did you mean stock\?' '')"

# ---- over an account
day() { SOUK_NOW=2026-11-23T10:00:00Z souk "$@"; }
run day --config "$work/rules.ini" account create shop
check "an account" "$(said 0 'is ready')"
rm -f "$work/scripts/coach/b.lua"
printf 'return { id = "b", title = "B", needs = { "stock" }, check = function()\n  local x = nil\n  x.y = 1\nend }\n' >"$work/scripts/coach/b.lua"
run day --config "$work/rules.ini" rule run
check "1: rule run: one fails, with file and line, the other goes on" "$(said 1 '1 open: 1 new' '^a +1 said'
    grep -q '^b  *coach/b\.lua:3: ' "$work/out" || cat "$work/out")"
run day --config "$work/rules.ini" rule run --json
check "rule run --json" "$(said 1 '' '"new":0')"
run day --config "$work/rules.ini" do coach.run
check "do coach.run says how many" "$(said 0 'One rule failed' '')"
check "make install brings them along" "$(
    make -s -o all install BUILD="${BUILD:-build}" DESTDIR="$work/root" PREFIX=/usr/local >"$work/make" 2>&1 || cat "$work/make"
    cd "$work" || exit
    same files "$(cd "$work/root/usr/local/share/souk/scripts" && find . -type f | sort)" \
        "$(cd "$OLDPWD/scripts" && find . -type f \( -name '*.lua' -o -name '*.md' \) | sort)"
    "$program" rule list >"$work/listed" 2>/dev/null
    "$work/root/usr/local/bin/souk" rule list >"$work/out" 2>/dev/null || echo "exit code $?"
    cmp "$work/listed" "$work/out")"
done_testing

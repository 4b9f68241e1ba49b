# SPDX-License-Identifier: Apache-2.0
# Commands over the API and by the forms of pages: what is done, what is refused and how, the same key twice.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk account create shop 2>/dev/null
serve
api=/api/v1/a/shop/commands

get $api
check "the list of commands, with their fields" "$(answers 200
    json 'all(c["command"] and c["title"] and c["right"] in ("view", "edit", "admin", "owner") for c in j["commands"])' | grep -qx True || cat "$work/body"
    same fields "$(json '[f["name"] for c in j["commands"] if c["command"] == "case.add" for f in c["fields"] if f["needed"]]')" "['subject']")"

# ---- JSON and forms ------------------------------------------------------------------------------------------
get $api/case.add -H 'Content-Type: application/json' -d '{"subject": "Listing is gone", "case": "C-1"}'
check "a command by JSON" "$(answers 200; same answer "$(json 'j["command"], j["ref"], j["already"]')" "case.add case:C-1 False")"
get $api/case.add -d 'subject=Fees+of+July&case=C-2'
check "the same by a form" "$(answers 200; same ref "$(json 'j["ref"]')" case:C-2)"
check "both are there" "$(same cases "$(value -a shop 'SELECT case_id, subject FROM v1_cases ORDER BY case_id' | tr '\n' ';')" \
    "C-1,Listing is gone;C-2,Fees of July;")"
check "and each is written down" "$(same audit "$(value -a shop "SELECT count(*) FROM v1_audit WHERE command = 'case.add' AND via = 'api'")" 2)"

# ---- the same key ---------------------------------------------------------------------------------------------
once() { get $api/case.add -H 'Content-Type: application/json' -H 'Idempotency-Key: k-1' -d "$1"; }
once '{"subject": "Once"}'
ref=$(json 'j["ref"]')
once '{"subject": "Once"}'
check "the same key and fields: the first answer again, and nothing new" "$(answers 200
    same answer "$(json 'j["ref"], j["already"]')" "$ref True"
    same cases "$(value -a shop 'SELECT count(*) FROM v1_cases')" 3)"
once '{"subject": "Twice"}'
check "the same key for something else is refused" "$(answers 422; same cases "$(value -a shop 'SELECT count(*) FROM v1_cases')" 3)"

# ---- refusals ----------------------------------------------------------------------------------------------------
while IFS='|' read -r wanted command body field says; do
    get "$api/$command" -H 'Content-Type: application/json' -d "$body"
    check "$wanted $command $body" "$(answers "$wanted" "$says"
        header Content-Type | grep -q '^application/problem+json' || header Content-Type
        same field "$(json 'j.get("field", "")')" "$field"
        json 'j["title"] != "" and j["status"] == '"$wanted"' and j["detail"][-1] in ".?"' | grep -qx True || cat "$work/body")"
done <<'END'
404|case.ad|{}||Did you mean 'case.add'
404|nothing|{}||
422|case.add|{}|subject|
422|case.add|{"subjct": "x"}||no field 'subjct'
422|case.add|{"subject": ""}|subject|
422|case.add|{"subject": ["x"]}||
404|case.state|{"case": "C-9", "state": "closed"}|case|
422|case.state|{"case": "C-1", "state": "gone"}|state|
END
get $api/case.add -H 'Content-Type: application/json' -d '{"subject": '
check "what is no JSON is refused" "$(answers 422 'is no JSON')"
get $api/case.add -H 'Content-Type: application/json' -d '["subject"]'
check "a list is no object of fields" "$(answers 422)"
get $api/case.add -H 'Content-Type: text/plain' -d 'subject=x'
check "another type is refused" "$(answers 415)"
get $api/case.add
check "a command is not done by a link" "$(answers 405; same Allow "$(header Allow)" POST)"
get $api/case.add -d subject=x -H 'Origin: http://evil.example'
check "nor by another site" "$(answers 403)"
get /api/v1/a/nobody/commands/case.add -d subject=x
check "nor where there is no account" "$(answers 404)"
check "none of it has changed anything" "$(same cases "$(value -a shop 'SELECT count(*) FROM v1_cases')" 3)"

# ---- forms without their seal -------------------------------------------------------------------------------------
get /a/shop/do/case.add -d subject=x -H 'Accept: text/html'
check "a form that Souk did not draw is refused with a page" "$(answers 403 'This form is not one that Souk drew')"
get /a/shop/do/case.add
check "forms are sent, not read" "$(answers 405)"

run souk do -a shop case.add subject=x
check "souk do names the page and the API while souk serves" "$(said 75 'POST to /api/v1/a/ACCOUNT/commands/case.add')"
stop
done_testing

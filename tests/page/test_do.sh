#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# souk do: the list, fields from arguments and standard input, what comes out, and what is refused.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T10:00:00Z

export SOUK_ACCOUNT=shop
souk account create shop 2>"$work/err"

# ---- the list -------------------------------------------------------------------------------------------
run souk do
check "souk do lists the commands with their fields" "$(said 0 'those with \* are needed' '^case\.state +Set the state: case\* state\* closes$')"
run souk do --json
check "the list as JSON is whole" "$(said 0 '' && py -c '
import json, sys
all = json.load(open(sys.argv[1]))["commands"]
for c in all:
    for key in ("command", "title", "about", "right", "fields"):
        if not (c.get(key) or key == "fields"): print(c["command"], "has no", key)
    for f in c["fields"]:
        if not f["type"] or not f["title"]: print(c["command"], f)
if len(all) < 30: print("only", len(all))
' "$work/out")"

# ---- running ----------------------------------------------------------------------------------------------
run souk do case.add subject='Where is my money?' case=77
check "the record goes to stdout, the sentence to stderr" "$(said 0 '^Case 77 is written down\.$' '^case:77$')"
run souk do case.state case=77 state=answered --json
check "the answer as JSON" "$(said 0 '' '^\{"command":"case\.state","ref":"case:77","text":"The case has its new state\.","already":false\}$')"

printf 'Dear support,\n\n  it is "yours" = true.\nGreetings\n' |
    "$program" --data "$data" do case.reply case=77 - >"$work/out" 2>"$work/err"
code=$?
check "a long text from standard input" "$(said 0 'written down' '^case:77$')"
check "it is kept to the letter" "$(same body "$(value "SELECT body FROM v1_case_letters WHERE side = 'out'")" \
    "$(printf '"Dear support,\n\n  it is ""yours"" = true.\nGreetings"')")"
printf 'A note' | "$program" --data "$data" do case.note case=77 body=- >"$work/out" 2>"$work/err"
code=$?
check "NAME=- does the same" "$(said 0 'note is kept' '^case:77$')"
run souk do case.add subject=-
check "a short text is what it is" "$(said 0 'own-2' '^case:own-2$'; value "SELECT subject FROM v1_cases WHERE case_id = 'own-2'" | grep -vx -e "'-")"

run souk do claim.add kind=chargeback order=303-1234567-1234567 market=DE amount='12.34 EUR' opened='2026-11-23 09:00'
check "times are those of the marketplace" "$(said 0 '30 Nov 2026, 09:00 CET \(policy chargeback\.answer\)' '^claim:')"
run souk do message.sent letter=1 -m DE at='2026-11-23 09:00' --key k
check "a refusal says why" "$(said 4 'does not wait in the outbox' '')"

# ---- keys -------------------------------------------------------------------------------------------------
run souk do case.note case=77 body=Once --key note-1
check "a key is used" "$(said 0 '^The note is kept\.$')"
run souk do case.note case=77 body=Once --key note-1
check "the same again does nothing" "$(said 0 'done before, with this key' '^case:77$'; value "SELECT count(*) FROM v1_case_letters WHERE body = 'Once'" | grep -vx 1)"
run souk do case.note case=77 body=Twice --key note-1
check "another use of the key is refused" "$(said 65 'used for something else')"

# ---- refusals -----------------------------------------------------------------------------------------------
run souk do case.sate case=77 state=open
check "a mistyped command" "$(said 3 "Did you mean 'case\.state'\?" '')"
run souk do case.state cas=77 state=open
check "a mistyped field" "$(said 65 "Did you mean 'case'\?" '')"
run souk do case.state case=77
check "a field that is needed, and which ones there are" "$(said 65 '^Its fields: case\* state\* closes \(\* needed\)$' '')"
run souk do case.state case=77 open
check "a word that is no field" "$(said 65 "'open' is no field: write it as NAME=VALUE" '')"
run souk do case.state case=78 state=open
check "no such record" "$(said 3 'no case "78"' '')"
run souk do case.state case=77 state=open -
check "nothing to read a text for" "$(said 65 'no long text' '')"
run souk do case.note case=77 body=- body=-
check "standard input is one text" "$(said 65 'two fields want it' '')"
printf 'a\000b' | "$program" --data "$data" do case.note case=77 - >"$work/out" 2>"$work/err"
code=$?
check "a zero byte is no text" "$(said 65 'zero byte' '')"
printf 'a\377b' | "$program" --data "$data" do case.note case=77 - >"$work/out" 2>"$work/err"
code=$?
check "bytes that are no UTF-8" "$(said 65 'not UTF-8' '')"
head -c 2000000 /dev/zero | tr '\0' 'a' | "$program" --data "$data" do case.note case=77 - >"$work/out" 2>"$work/err"
code=$?
check "a text that is too long" "$(said 65 'longer than' '')"
run souk do case.state case=77 state=asleep --json
check "a refusal as JSON" "$(said 65 'cannot be chosen' '^\{"error":"input","text":".*cannot be chosen.*"\}$')"
run souk do case.state case=77 state=open --period 7d
check "an option that it does not have" "$(said 2 'no option --period' '')"
run souk do calendar.link
check "a secret goes to stdout, once" "$(said 0 'shown only now' '^/calendar/[0-9a-f]{32}\.ics$')"
secret=$(grep -oE '[0-9a-f]{32}' "$work/out")
check "and stands in no file" "$(grep -al "$secret" "$data"/accounts/* 2>/dev/null)"

# ---- the last import, taken back ------------------------------------------------------------------------------
souk account create undo 2>"$work/err"
run souk do import.undo -a undo
check "there is nothing to take back" "$(said 3 'no import that could be taken back' '')"
souk import -a undo tests/import/files/orders.txt 2>"$work/err" >"$work/out"
before=$(state undo)
souk import -a undo tests/import/files/settlement-v2.txt 2>"$work/err" >"$work/out"
check "an import changes the records" "$([ "$before" != "$(state undo)" ] || echo "it did not")"
run souk do import.undo -a undo
check "it is taken back" "$(said 0 'Import 2 is taken back' '^import:2$')"
check "the records are as they were" "$(same state "$before" "$(state undo | sed 's/^v1_audit .*/v1_audit '"$(echo "$before" | sed -n 's/^v1_audit //p')"'/')")"
run souk do import.undo -a undo import=1
check "an older one is refused" "$(said 4 'Only the last import' '')"

# ---- the log --------------------------------------------------------------------------------------------------
check "the log tells of all that was done, and of nothing else" "$(same log \
    "$(value "SELECT command, result, count(*) FROM v1_audit GROUP BY command, result ORDER BY command")" \
    "$(printf 'calendar.link,ok,1\ncase.add,ok,2\ncase.note,ok,2\ncase.reply,ok,1\ncase.state,ok,1\nclaim.add,ok,1')")"

# ---- while souk serves ------------------------------------------------------------------------------------------
serve || { check "souk serves" "no"; done_testing; exit 1; }
run souk do case.state case=77 state=open
check "while souk serves, its page and API are named" "$(said 75 'POST to /api/v1/a/ACCOUNT/commands/case\.state' '')"
stop
check "souk ends in good order" "$([ "$code" -eq 0 ] || echo "exit code $code")"

# A log that was changed is found before the first page.
sqlite3 "$data/accounts/shop.db" "UPDATE audit SET actor = 'nobody' WHERE no = 2"
run souk serve --port 0
check "a changed log is found at start" "$(said 70 'Entry 2 of the audit log' '')"
done_testing

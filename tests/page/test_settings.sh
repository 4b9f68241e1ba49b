#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Settings as a person and a program meet them: the overview, a module's form, its history and what takes it back,
# somebody else's change meanwhile, doubts, tables, secrets, JSON and CSV.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T10:00:00Z
. tests/page/web.sh

bin=$(cd "$build" && pwd)
{ cat plugins.ini; printf '[bank]\nfile = %s/tests/plugin/bank.so\nisolate = no\n' "$bin"; } >"$work/plugins.ini"
souk demo --orders 300 2>/dev/null
serve --config "$work/plugins.ini"
shown() { grep -oE "$1" "$work/body" | head -3; }
done_well() { [ "$status" = 303 ] || answers 303; }
is() { [ "$1" = "$2" ] || printf 'is   %s\nnot  %s\n' "$1" "$2"; }

get /a/demo/settings
check "the overview names each module with its state" "$(answers 200 '/a/demo/settings/business.*not filled in yet')"
get /a/demo/settings/busines
check "a wrong name says the right one" "$(answers 404 "Did you mean .*business")"
get /a/demo/settings/business
check "the module says what is missing" "$(answers 200 'no invoice is valid without it')"
check "a field that is needed only while another one is filled does not hold the browser up" "$(
    shown '<input name="register"[^>]*required')"

# ---- one record ---------------------------------------------------------------------------------------------------
send settings.business.save '' legal_name='' address.street='Weg 1'
check "what is missing is refused beside its field, and the rest stays as it was typed" "$(
    answers 422 'Legal name.* is needed'; answers 422 'value="Weg 1"')"
send settings.business.save '' legal_name='Nord <GmbH>' address.street='Weg 1' address.city=Kiel address.country=DE \
    contacts.1.name=Ann contacts.1.email=ann@example.org
check "a form is kept" "$(done_well)"
follow
check "and the page says so" "$(answers 200 'Saved\.')"
check "what was written is text" "$(answers 200 'value="Nord &lt;GmbH&gt;"'; shown '<GmbH>')"
cp "$work/body" "$work/old"
get /a/demo/settings
check "the overview shows what it is" "$(answers 200 'Nord &lt;GmbH&gt;')"

get /a/demo/settings/business
send settings.business.save '' legal_name='Süd GmbH'
cp "$work/old" "$work/body"                             # the page as another window still has it
send settings.business.save '' legal_name='West GmbH' address.city=Bonn
check "somebody else's change meanwhile is not written over" "$(
    answers 422 'has changed it meanwhile'; answers 422 'value="West GmbH"'; answers 422 'value="Bonn"')"
check "nothing of it was kept" "$(is "$(souk query "SELECT text FROM v1_settings WHERE field = 'legal_name'" | tail -n 1 | tr -d '\r')" 'Süd GmbH')"
send settings.business.save '' legal_name='West GmbH'
check "sent again from there it is" "$(done_well)"

# ---- history ------------------------------------------------------------------------------------------------------
get /a/demo/settings/business
check "the history tells who changed what" "$(answers 200 'Nord &lt;GmbH&gt; → Süd GmbH'; answers 200 'Süd GmbH → West GmbH')"
check "of one record without a number" "$(shown '(changed|filled in) by [^<]*record')"
send settings.business.undo 'Take back' change=2
check "a change is not taken back from under a later one" "$(answers 403)"
get /a/demo/settings/business
check "each change has its own button" "$(is "$(grep -oE 'name="change" value="[0-9]+"' "$work/body" | tr -dc '0-9\n' | tr '\n' ' ')" '3 2 1 ')"
call settings.business.undo '{"change": 2}'
check "an older one is refused while a later one stands on it" "$(answers 422 'changed again since')"
get /a/demo/settings/business
send settings.business.undo 'Take back'
check "the last change is taken back" "$(done_well)"
follow
check "what was there before stands there again" "$(answers 200 'Taken back'; answers 200 'value="Süd GmbH"')"
check "and that stands in the history, and can be taken back itself" "$(answers 200 'a change taken back by')"

# ---- rows of a table -----------------------------------------------------------------------------------------------
get /a/demo/settings/business
check "a table shows its rows" "$(answers 200 'name="contacts.1.email"[^>]*value="ann@example.org"')"
send settings.business.save '' contacts.1.name='' contacts.1.email='' contacts.2.name=Ben
get /api/v1/a/demo/settings/business
check "an emptied row is gone and the next moves up" "$(json "j['records'][0]['values'].get('contacts.1.name'), j['records'][0]['values'].get('contacts.1.email')" | grep -qF 'Ben' || json "j['records'][0]['values']")"

get /a/demo/settings/business
check "a table that has rows shows those, and a button for one more" "$(
    is "$(grep -o 'name="contacts\.[0-9]*\.role"' "$work/body" | wc -l)" 1; answers 200 'name="_more" formnovalidate value="contacts"')"
send settings.business.save '' _more=contacts contacts.1.role=Tax legal_name='Not yet'
check "the button brings a row and what was typed, and saves nothing" "$(
    answers 200 'name="contacts.2.role"'; answers 200 'name="contacts.1.role"[^>]*value="Tax"'; answers 200 'value="Not yet"'
    shown 'class="fault"|role="alert"'
    is "$(souk query "SELECT count(*) FROM v1_settings WHERE text IN ('Tax', 'Not yet')" | tail -n 1 | tr -d '\r')" 0)"
send settings.business.save '' _more=contacts
check "and once more" "$(answers 200 'name="contacts.3.role"'; answers 200 'value="Not yet"')"
check "Enter does not press that button" "$(py - "$work/body" <<'END'
import re, sys
form = re.search(r'<form class="act"[^>]*action="[^"]*settings.business.save".*?</form>', open(sys.argv[1]).read(), re.S).group(0)
first = re.search(r"<button[^>]*>", form).group(0)
if "_more" in first: print(first)
END
)"

# ---- a list, with secrets -------------------------------------------------------------------------------------------
get /a/demo/settings/bank/new
send settings.bank.save '' holder='No' market=A1PA6795UKMFR9 number='CANARY-1111-2222' rates.1.upto='1 kg' rates.1.price='2,50 EUR'
check "a doubt asks whether to save anyway" "$(answers 422 'So short a name: is that meant'; answers 422 'name="anyway"')"
check "a secret is not shown again" "$(shown 'CANARY[^"]*')"
send settings.bank.save '' number='CANARY-1111-2222' anyway=yes
check "and does when told so" "$(done_well)"
get /a/demo/settings/bank/1
check "the page shows the end of a secret, and no more" "$(answers 200 '•••• 222\b'; shown 'CANARY[^"]*')"
check "what the module sets is shown and not typed" "$(answers 200 '<dt>letters</dt><dd>16</dd>'; shown 'name="letters"')"
send settings.bank.save '' hold_days.A1PA6795UKMFR9=5
check "a save without it" "$(done_well)"
get /a/demo/settings/bank/1
check "leaves it as it was" "$(answers 200 '•••• 222\b')"
check "a marketplace has its own value" "$(answers 200 'name="hold_days.A1PA6795UKMFR9"[^>]*value="5"')"
get /a/demo/settings/bank/7
check "a record that is not there" "$(answers 404 'There is no record 7')"
get /a/demo/settings/bank
check "the list leads to its records, and says which is the default" "$(answers 200 '/a/demo/settings/bank/1[^<]*">[^<]*</a><p>main</p>'
    answers 200 '/a/demo/settings/bank/new')"

# ---- programs -------------------------------------------------------------------------------------------------------
call settings.bank.save '{"holder": "Ost GmbH", "market": "FR", "number": "9876543210", "main": true,
    "rates": [{"upto": "1 kg", "price": "3.00 EUR"}, {"upto": "5 kg", "free": true}]}'
check "JSON has a table as an array" "$(answers 200 '"ref":"settings:bank:2"')"
call settings.bank.save '{"record": 2, "rates": [{"price": "3.00 EUR"}]}'
check "a fault in it names the field" "$(answers 422 '"field": ?"rates.1.upto"')"
call settings.bank.save '{"record": 2, "version": 9, "holder": "X GmbH"}'
check "a stale version is refused" "$(answers 422 'has changed it meanwhile')"
get /api/v1/a/demo/settings/bank
check "and gives it back, the secret as its end" "$(json "[r['record'] for r in j['records']], len(j['changes'])" | grep -qF '[1, 2] 3' ||
    json "[r['record'] for r in j['records']], len(j['changes'])"; shown '9876543210'; answers 200 '"210"')"
get /api/v1/a/demo/settings/bank/2
check "one record with its changes" "$(json "[r['record'] for r in j['records']] == [2] and j['changes'][0]['what'] == 'added' and j['changes'][0]['after']['rates.2.free'] is not None" | grep -qx True || cat "$work/body")"
get /api/v1/a/demo/settings/bank/9
check "one that is not there" "$(answers 404)"
get /api/v1/a/demo/settings/bank.csv
check "the same as CSV" "$(is "$(tr -d '\r' <"$work/body" | sed -n '1p;/^2,rates/p')" "record,field,title,value
2,rates.1.upto,rates: upto,1 kg
2,rates.1.price,rates: price,3.00 EUR
2,rates.2.upto,rates: upto,5 kg
2,rates.2.free,rates: free,yes
2,rates,rates,2")"
get /api/v1/a/demo/settings
check "all modules" "$(json "sorted(m['settings'] for m in j['settings'])" | grep -q "'bank', 'business'" || cat "$work/body")"
stop
check "a secret is not taken from an argument" "$(
    souk --config "$work/plugins.ini" do -a demo settings.bank.save record=2 number=55556666 2>"$work/err" && echo "it was"
    grep -q 'write number=-' "$work/err" || cat "$work/err")"
check "but from the standard input" "$(
    echo 5555666677 | souk --config "$work/plugins.ini" do -a demo settings.bank.save record=2 number=- 2>"$work/err" >/dev/null || cat "$work/err"
    souk query "SELECT text FROM v1_settings WHERE record = 2 AND field = 'number'" | tail -n 1 | grep -q '^677' || echo "it was not kept")"
check "no secret stands in the data folder or the log in clear" "$(grep -rlaE 'CANARY|9876543210|5555666677' "$data" "$work/serve.err")"
done_testing

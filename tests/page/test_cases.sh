# SPDX-License-Identifier: Apache-2.0
# The case log as a seller without scripts uses it: added by hand, drafted, answered, put into another state, found
# and closed; each form leads back with a sentence, and what was typed comes back when it is refused.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk account create shop 2>/dev/null
serve
one="/a/shop/w/cases?case=7001"

get /a/shop/w/cases
check "without a case the page says what would bring some, and takes one by hand" "$(answers 200 'No case is known yet'
    grep -q 'action="/a/shop/do/case.add"' "$work/body" || echo "no form to add one")"
send /do/case.add 'Add a case by hand' 'subject=Units went missing' case=7001 ref=nonsense 'body=Please look for <b>9 units</b>.'
check "a form that is refused comes back with what was typed" "$(answers 422 'Units went missing'
    grep -q 'Please look for &lt;b&gt;9 units&lt;/b&gt;.' "$work/body" || echo "the text is gone"
    grep -q 'aria-invalid="true"' "$work/body" || echo "no field is marked")"
send /do/case.add 'Add a case by hand' ref=order:303-1234567-1234567
check "mended, it is taken and leads back to the list" "$(answers 303
    same cases "$(value -a shop 'SELECT case_id, subject, state, ref FROM v1_cases')" "7001,Units went missing,open,order:303-1234567-1234567")"
follow
check "which says what was done and shows the case" "$(answers 200 'role="status"'
    grep -q 'href="/a/shop/w/cases?case=7001"' "$work/body" || echo "no link to the case")"

get "$one"
check "the page of a case shows what was written, as text" "$(answers 200 'Please look for &lt;b&gt;9 units&lt;/b&gt;.')"
send /do/case.draft 'Your answer' 'body=Dear support, there are still'
check "the second button keeps a draft" "$(answers 303
    same letters "$(value -a shop "SELECT side, state FROM v1_case_letters WHERE case_id = '7001' ORDER BY letter" | tr '\n' ' ')" "out,sent out,draft ")"
get "$one"
send /do/case.reply 'Your answer' 'body='
check "an answer without a word is refused and says so" "$(answers 422 'class="fault"')"
get "$one"
send /do/case.reply 'Your answer' 'body=Dear support, there are still 9 units missing.'
check "the first button writes the answer down, in the place of the draft" "$(answers 303
    same letters "$(value -a shop "SELECT side, state, body FROM v1_case_letters WHERE case_id = '7001' ORDER BY letter" | tail -n 1)" \
        'out,sent,"Dear support, there are still 9 units missing."'
    same drafts "$(value -a shop "SELECT count(*) FROM v1_case_letters WHERE case_id = '7001' AND state = 'draft'")" 0)"
get "$one"
send /do/case.note 'Note to yourself' 'body=Tom counted them on Friday'
get "$one"
send /do/case.state 'Change the state' state=answered closes=2026-11-03T12:00
check "its state is changed by hand, with the day on which it closes" "$(answers 303
    same state "$(value -a shop "SELECT state, closes FROM v1_cases")" "answered,1793707200")"
get "$one"
check "the page counts the days, and tells what was done" "$(answers 200 'Closes by itself in 2 days.'
    for word in 'Add a case' 'Record an answer' 'Add a note' 'Set the state'; do
        grep -qF "$word" "$work/body" || echo "not among what was done: $word"
    done)"
get "/a/shop/"
check "the card, too" "$(answers 200 'Closes by itself in 2 days.'; grep -q 'Manage Your Case Log' "$work/body" || echo "no title")"

get "/a/shop/w/cases?find=friday"
check "a case is found by its notes" "$(answers 200 'href="/a/shop/w/cases\?[^"]*case=7001"')"
get "/a/shop/w/cases?find=saturday"
check "and not by what nobody wrote" "$(answers 200 'No case holds all of the words')"
get "/a/shop/w/cases?open=yes"
check "a state that it is not in leaves it out" "$(answers 200 'No case is as you ask for'
    grep -q '<input type="checkbox" value="yes" name="open" checked>' "$work/body" || echo "the tick is gone")"

get /a/shop/w/cases
send /do/cases.close_answered 'Close answered cases' days=0
check "a number of days that makes no sense is refused" "$(answers 422)"
stop
export SOUK_NOW=2026-12-15T12:00:00Z
serve
get /a/shop/w/cases
send /do/cases.close_answered 'Close answered cases'
check "what was answered long ago is closed by the plugin's own command" "$(answers 303
    same state "$(value -a shop 'SELECT state FROM v1_cases')" closed
    same audit "$(value -a shop "SELECT command, ref FROM v1_audit WHERE command LIKE 'cases.%' ORDER BY entry" | tr '\n' ' ')" \
        'cases.close_answered,case:7001 cases.close_answered > case.state,case:7001 ')"
get /api/v1/a/shop/widgets/cases.csv
check "the list is CSV, too" "$(answers 200)"
stop
run souk do -a shop cases.close_answered days=1
check "and the same by souk do, where nothing is left to do" "$(said 0 '*')"
run souk show cases -a shop
check "in the terminal" "$(said 0 '' 'No case is as you ask for|Cases by state')"
done_testing

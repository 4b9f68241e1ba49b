# SPDX-License-Identifier: Apache-2.0
# Claims as a seller without scripts deals with them: added by hand, answered, decided, appealed; the deadline with its rule,
# the evidence without a button; and refused forms that come back with what was typed.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk demo --out "$work/files" --only-orders --orders 1000 >/dev/null 2>&1
souk account create shop 2>/dev/null
souk import -a shop "$work/files" >/dev/null 2>&1
order=$(value -a shop "SELECT order_id FROM v1_orders WHERE market = 'A1PA6795UKMFR9' AND state = 'shipped' AND fulfilment = 'seller' ORDER BY purchased DESC LIMIT 1")
serve
one="/a/shop/w/claims?claim=7001"

get /a/shop/w/claims
check "the page takes a claim by hand" "$(answers 200 'action="/a/shop/do/claim.add"')"
send /do/claim.add 'Add a claim by hand' kind=a_to_z 'reason=Arrived <b>broken</b>' amount=nonsense market=DE
check "a form that is refused comes back with what was typed" "$(answers 422 'Arrived &lt;b&gt;broken&lt;/b&gt;'
    grep -q 'aria-invalid="true"' "$work/body" || echo "no field is marked")"
send /do/claim.add 'Add a claim by hand' claim=7001 "order=$order" amount=24.90 opened=2026-10-30T13:30
check "mended, it is taken; the deadline is that of the policy: two days" "$(answers 303
    same claim "$(value -a shop "SELECT state, amount, currency, opened, due, due_rule FROM v1_claims WHERE claim_id = '7001'")" \
        "action,2490,EUR,1793363400,1793536200,claim.answer")"
follow
check "the list says what is left of it" "$(answers 200 'Action required, 30 min left')"
get /a/shop/
check "the card, too, with a badge beside its title" "$(answers 200 'Action required, 30 min left'
    grep -q 'Claims' "$work/body" || echo "no title")"

get "$one"
check "the page of a claim quotes the rule with its source" "$(answers 200 'The rule, claim.answer of Amazon.de: 2 days'
    grep -q 'Source: https://' "$work/body" || echo "no source"
    grep -q 'If it is denied or withdrawn' "$work/body" || echo "no effect")"
check "every link of it leads somewhere" "$(grep -o 'href="/a/shop/[^"]*"' "$work/body" | sed 's/^href="//; s/"$//; s/&amp;/\&/g' | sort -u | while read -r link; do
    code=$(curl -s -o /dev/null -w '%{http_code}' "$address$link")
    [ "$code" = 200 ] || echo "$link: $code"
done)"
get "$(grep -o 'href="[^"]*why=due_why[^"]*"' "$work/body" | head -n 1 | sed 's/^href="//; s/"$//; s/&amp;/\&/g')"
check "and so does the why of the deadline" "$(answers 200 'claim.answer = ')"
get "$one"
send /do/claim.respond 'Respond' 'body='
check "an answer without a word is refused and says so" "$(answers 422 'class="fault"')"
get "$one"
send /do/claim.respond 'Respond' 'body=It was delivered on the 29th. Card 4111 1111 1111 1111.'
check "a response is written down, without the number of a card, and the claim is under review" "$(answers 303
    same state "$(value -a shop "SELECT state, due FROM v1_claims WHERE claim_id = '7001'")" "review,"
    value -a shop "SELECT body FROM v1_claim_letters WHERE claim_id = '7001'" | grep -q '4111 1111' && echo "the number is there")"
get "$one"
send /do/claim.note 'Add a note' 'body=Ask for the scan'
get "$one"
send /do/claim.close 'It was decided' outcome=granted may_appeal=yes
check "granted, with the right to appeal for 30 days" "$(answers 303
    same state "$(value -a shop "SELECT state, outcome, due_rule FROM v1_claims WHERE claim_id = '7001'")" "appeal,granted,claim.appeal_days")"
get "$one"
check "the page asks for the appeal, and tells what was done" "$(answers 200 'Appeal by'
    for word in 'Add a claim' 'Respond to a claim' 'Add a note' 'Close a claim'; do
        grep -qF "$word" "$work/body" || echo "not among what was done: $word"
    done)"
send /do/claim.appeal 'Appeal' 'body=See the scan of the delivery.'
get "$one&view=evidence"
check "the evidence has letters and order, and neither notes nor forms" "$(answers 200 'See the scan of the delivery.'
    grep -qF "$order" "$work/body" || echo "no order"
    grep -q 'What was bought' "$work/body" || echo "no lines"
    grep -q 'no report file carries them' "$work/body" || echo "nothing of the tracking number"
    grep -q 'Ask for the scan' "$work/body" && echo "a note"
    grep -q '/do/claim' "$work/body" && echo "a form")"
get "$one"
send /do/claim.counts 'does not count'
check "whether it counts is one button" "$(answers 303; same counts "$(value -a shop "SELECT counts FROM v1_claims WHERE claim_id = '7001'")" 0)"
get '/a/shop/w/claims?claim=nothing'
check "a claim that is not there says so" "$(answers 200 'There is no such claim here')"
for tab in action review appeal closed all; do
    get "/a/shop/w/claims?tab=$tab"
    check "tab $tab" "$(answers 200 'Claims by kind and state')"
done
get '/a/shop/w/claims?tab=nonsense'
check "a tab that is none is refused" "$(answers 400)"
done_testing

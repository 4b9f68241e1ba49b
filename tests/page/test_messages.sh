# SPDX-License-Identifier: Apache-2.0
# Buyer messages from a mailbox to the outbox, as a seller without scripts uses them: who waits and until when, an
# answer that is refused, drafted, queued, taken back and sent; what needs no answer; finding; response times.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-24T12:00:00Z

# mail NUMBER FROM TO DATE SUBJECT TEXT
mail() {
    printf 'From a Mon Nov 23 10:00:00 2026\nFrom: %s\nTo: %s\nDate: %s\nMessage-ID: <m%s@mail.example.org>\nSubject: %s\n' \
        "$2" "$3" "$4" "$1" "$5"
    printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%b\n\n' "$6"
}
{
    mail 1 'Anna Muster - Amazon Marketplace <anna1@marketplace.amazon.de>' shop@example.org \
        'Mon, 23 Nov 2026 10:00:00 +0100' 'Where is my clock? (Order: 303-1000001-1000001)' \
        'It should be here.\nMy card is 4111 1111 1111 1111, if you need it.'
    mail 2 'Bea Beispiel - Amazon Marketplace <bea22@marketplace.amazon.de>' shop@example.org \
        'Mon, 23 Nov 2026 22:00:00 +0100' 'Colour (Order: 303-1000002-1000002)' \
        'Is it <b>green</b>? The name was \0342\0200\0256nedlog\0342\0200\0254 somewhere.'
    mail 3 'Cai - Amazon Marketplace <cai333@marketplace.amazon.de>' shop@example.org \
        'Fri, 20 Nov 2026 10:00:00 +0100' 'Thanks (Order: 303-1000003-1000003)' 'Can you send it as a present?'
    mail 4 'Shop <shop@example.org>' cai333@marketplace.amazon.de \
        'Sun, 22 Nov 2026 12:00:00 +0100' 'Re: Thanks (Order: 303-1000003-1000003)' 'Yes, we can.'
    mail 5 'Dan - Amazon Marketplace <dan4444@marketplace.amazon.de>' shop@example.org \
        'Sat, 21 Nov 2026 10:00:00 +0100' 'Fine (Order: 303-1000004-1000004)' 'It came, all is fine.'
} >"$work/inbox.mbox"
souk account create shop 2>/dev/null
run souk import -a shop "$work/inbox.mbox"
check "the mailbox is imported" "$(said 0 '*'; same talks "$(value -a shop 'SELECT count(*) FROM v1_threads')" 4)"
serve
list=/a/shop/w/messages

get /a/shop/
check "the card counts who waits and who waits too long" "$(answers 200 'Buyer Messages'
    grep -q 'over by 2 days 3 hr' "$work/body" || echo "not how long the oldest is late"
    grep -q '9 hr left' "$work/body" || echo "not what is left for the next"
    grep -q 'Over 24 h' "$work/body" || echo "no limit")"
check "the ribbon, too" "$(tr '\n' ' ' <"$work/body" | grep -oE '<a [^>]*w/messages[^>]*>.{0,400}' | head -n 1 | grep -q '3.*2 over 24 h' || echo "it does not say 3, and 2 over 24 h")"
get $list
check "the page: most urgent first, with links to the talks and their policy" "$(answers 200
    same order "$(grep -oE 'Fine \(Order|Where is my clock|Colour \(Order' "$work/body" | tr '\n' ' ')" 'Fine (Order Where is my clock Colour (Order '
    grep -q '2 letters' "$work/body" && echo "the answered one is there, too"
    grep -q 'No answer waits to be sent' "$work/body" || echo "no word of the outbox")"
get "$list?state=all"
check "all of them, newest first" "$(answers 200
    same order "$(grep -oE 'Fine \(Order|Where is my clock|Colour \(Order|Thanks \(Order' "$work/body" | tr '\n' ' ')" \
        'Colour (Order Where is my clock Thanks (Order Fine (Order ')"
get "$list?state=answered"
check "answered ones" "$(answers 200 'Thanks \(Order'; grep -q 'Colour' "$work/body" && echo "one that waits is there")"
get "$list?state=all&find=present"
check "one is found by what was written" "$(answers 200 'Thanks \(Order'; grep -q 'Colour' "$work/body" && echo "others are there, too")"
get "$list?find=present"
check "but not among those that wait" "$(answers 200 'No letter holds all of the words')"

# ---- one talk -------------------------------------------------------------------------------------------------------
talk() { value -a shop "SELECT thread FROM v1_threads WHERE order_id = '$1'"; }
page_of() { printf '%s?thread=%s' $list "$(py -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$(talk "$1")")"; }
anna=$(page_of 303-1000001-1000001) bea=$(page_of 303-1000002-1000002) dan=$(page_of 303-1000004-1000004)
get "$anna"
check "a card number is gone, and the page says so" "$(answers 200 '1 card number was removed'
    grep -q '4111 1111' "$work/body" && echo "it is there"
    grep -q 'href="/a/shop/w/orders?[^"]*303-1000001-1000001' "$work/body" || echo "no link to the order")"
get "$bea"
check "what outsiders wrote is text, and what turns the direction of writing is seen" "$(answers 200 '&lt;b&gt;green&lt;/b&gt;'
    grep -q "$(printf '\342\200\256')" "$work/body" && echo "the sign itself is on the page"
    grep -qiE 'U\+202E|202E' "$work/body" || echo "the sign is not shown")"

get "$anna"
send /do/message.reply 'Your answer' 'body='
check "an empty answer is refused" "$(answers 422 'class="fault"')"
get "$anna"
long=$(head -c 30000 /dev/zero | tr '\0' x)
send /do/message.reply 'Your answer' "body=$long"
check "one that is too long is refused and comes back" "$(answers 422 "$(printf %.500s "$long")")"
get "$anna"
send /do/message.draft 'Your answer' 'body=Dear Anna, it is'
check "a draft is kept and answers nothing" "$(answers 303
    same waits "$(value -a shop "SELECT count(*) FROM v1_threads WHERE waits IS NOT NULL")" 3)"
get "$anna"
check "it stands in the form" "$(tr -d '\n' <"$work/body" | grep -q '>Dear Anna, it is</textarea>' || echo "it does not")"
send /do/message.reply 'Your answer' 'body=Dear Anna, it is on its way. Card 5555555555554444 was charged.'
check "an answer waits in the outbox, and the talk no longer waits" "$(answers 303
    same waits "$(value -a shop "SELECT count(*) FROM v1_threads WHERE waits IS NOT NULL")" 2
    same letters "$(value -a shop "SELECT side, state, masked FROM v1_letters WHERE order_id = '303-1000001-1000001' ORDER BY letter" | tr '\n' ' ')" \
        'in,received,1 out,queued,1 '
    same outbox "$(value -a shop 'SELECT recipient, state FROM v1_outbox')" anna1@marketplace.amazon.de,queued)"
follow
check "and so the page says, and that nothing is sent yet" "$(answers 200 'waits in the outbox'; grep -q 'role="status"' "$work/body" || echo "no status")"
get $list
check "the outbox is on the page" "$(answers 200 'Souk sends no mail yet'; grep -q 'To anna1@marketplace.amazon.de' "$work/body" || echo "not to whom")"
send /do/message.cancel 'Take it back'
check "taken back, it is a draft and the talk waits again" "$(answers 303
    same waits "$(value -a shop "SELECT count(*) FROM v1_threads WHERE waits IS NOT NULL")" 3
    same outbox "$(value -a shop 'SELECT state FROM v1_outbox')" cancelled)"
get "$anna"
send /do/message.reply 'Your answer' 'body=Dear Anna, it will come tomorrow.'
get $list
send /do/message.sent 'I have sent it myself' 'at=2026-11-25T10:00'
check "it cannot have been sent tomorrow" "$(answers 422)"
send /do/message.sent 'I have sent it myself' 'at=2026-11-24T11:30'
check "the seller says that he has sent it" "$(answers 303; same outbox "$(value -a shop "SELECT state FROM v1_outbox ORDER BY entry" | tr '\n' ' ')" 'cancelled sent ')"

get "$dan"
send /do/message.no_answer 'No response needed'
check "what needs no response waits no longer" "$(answers 303; same waits "$(value -a shop "SELECT count(*) FROM v1_threads WHERE waits IS NOT NULL")" 1)"
get "$dan"
send /do/message.needs_answer 'after all'
check "and can be put back" "$(answers 303; same waits "$(value -a shop "SELECT count(*) FROM v1_threads WHERE waits IS NOT NULL")" 2)"
get "$dan"
send /do/message.note 'Note to yourself' 'body=Dan is always content'
get "$list?state=all&find=content"
check "a note is found, and its talk still waits" "$(answers 200 'Fine \(Order')"

# ---- figures --------------------------------------------------------------------------------------------------------
# In 7 days: Anna's after 26 h 30 min, Cai's after 50 h, Dan's not within 24 h; Bea's has some hours left.
get "/api/v1/a/shop/widgets/messages"
check "response times: late rate and average of the last 7 days" "$(py - "$work/body" <<'EOF'
import json, sys
def all(e):
    for one in e:
        yield one
        yield from all(one.get("elements", []))
stats = {}
for s in all(json.load(open(sys.argv[1]))["elements"]):
    if s["kind"] == "stat":
        stats.setdefault(s["label"], []).append(s)
late, average = stats["Late response rate"][0], stats["Average response time"][0]
assert late["value"]["text"] == "75.00%", late
assert average["value"]["value"] == (26.5 + 50) * 3600 / 2, average
assert "2 answered after 24 hours + 1 older than 24 hours" in late["why"]["formula"] and "4 received" in late["why"]["formula"], late["why"]
EOF
)"
check "every answer to Why? and every link of the page leads somewhere" "$(py tests/page/crawl.py "$address" shop)"
get "$list?thread=nobody"
check "a talk that is not there says so" "$(answers 200 'There is no such talk here')"
get "$list?state=nonsense"
check "a state that is none is refused with a sentence" "$(answers 400)"
get "$list?place=nonsense&state=all"
check "a place that is none is the beginning" "$(answers 200 'Colour')"
stop
run souk show messages -a shop
check "in the terminal, with the commands to use" "$(said 0 '' 'Late response rate')"
done_testing

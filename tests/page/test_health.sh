# SPDX-License-Identifier: Apache-2.0
# Seller Rating, Account Health and Customer Feedback on pages: a report and a feedback file are imported, the rest is typed
# in by forms; each figure says why, and each link leads somewhere.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk demo --out "$work/files" --only-orders --orders 1000 >/dev/null 2>&1
souk account create shop 2>/dev/null
souk import -a shop "$work/files" >/dev/null 2>&1
serve

for widget in rating health feedback; do
    get /a/shop/w/$widget
    check "$widget: the page has its forms" "$(answers 200 'action="/a/shop/do/(feedback.counts|health.rating)"')"
done
get /a/shop/
check "the three titles stand on the home page" "$(for title in 'Seller Rating' 'Account Health' 'Customer Feedback'; do
    grep -qF ">$title</a>" "$work/body" || echo "no $title"
done)"
get '/a/shop/w/health?market=DE'
check "without a report it says what would bring one, and counts what it can" "$(answers 200 'Counted by Souk over 60 days'
    grep -q 'No report told it yet' "$work/body" || echo "nothing of tracking")"

get '/a/shop/w/health?market=DE'
send /do/health.rating 'Type in the rating of Amazon.de' rating=1001
check "a rating that is none is refused, and comes back" "$(answers 422 'value="1001"')"
send /do/health.rating 'Type in the rating of Amazon.de' rating=150
check "mended, it is taken" "$(answers 303; same rating "$(value -a shop 'SELECT rating FROM v1_health')" 150)"
follow
check "and has its band" "$(answers 200 'At risk: from 100 up to 200.')"
send /do/health.metric 'Type in a metric of Amazon.de' metric=late num=4 den=100 from=2026-10-02T00:00 to=2026-11-01T00:00
check "a metric" "$(answers 303)"
get '/a/shop/w/health?market=DE&metric=late'
check "4 of 100 are not less than 4 %" "$(answers 200 'Target: less than 4%. One too many.')"
check "every link of it leads somewhere" "$(grep -o 'href="/a/shop/[^"]*"' "$work/body" | sed 's/^href="//; s/"$//; s/&amp;/\&/g' | sort -u | while read -r link; do
    code=$(curl -s -o /dev/null -w '%{http_code}' "$address$link")
    [ "$code" = 200 ] || echo "$link: $code"
done)"
check "every why explains" "$(grep -o 'class="why" href="[^"]*"' "$work/body" | sed 's/^class="why" href="//; s/"$//; s/&amp;/\&/g' | sort -u | while read -r link; do
    curl -s "$address$link" | grep -q 'id="why"' || echo "$link explains nothing"
done)"

get /a/shop/w/rating
send /do/feedback.counts 'Type in the feedback table of Amazon.de' window=d365 positive=55 neutral=5 negative=5 stars=six
check "stars that are none are refused" "$(answers 422 'a number from 1 to 5')"
send /do/feedback.counts 'Type in the feedback table of Amazon.de' window=d365 positive=90 neutral=5 negative=5 stars=4.8
follow
check "90 of 100 are 90 %, and the stars are those of the page" "$(answers 200 '90.00%'; grep -q '>4.8<' "$work/body" || echo "no stars")"
get '/a/shop/w/feedback?market=DE'
check "the table has whole percents" "$(answers 200 '>90%<')"
order=$(value -a shop "SELECT order_id FROM v1_orders WHERE market = 'A1PA6795UKMFR9' AND state = 'shipped' ORDER BY purchased DESC LIMIT 1")
stop
printf 'Datum\tBewertung\tKommentar\tIhre Antwort\tTransaktionsnummer\tE-Mail des Bewertenden\n30.10.26\t1\tKam <b>kaputt</b> an\t\t%s\tx\n' "$order" >"$work/feedback.txt"
run souk import -a shop --market DE "$work/feedback.txt"
check "a feedback file" "$(said 0 '1 accepted')"
serve
get '/a/shop/w/feedback?market=DE'
check "its comment is text, and counts in the order defect rate" "$(answers 200 'Kam &lt;b&gt;kaputt&lt;/b&gt; an'
    grep -q 'Counts in the order defect rate until' "$work/body" || echo "it does not say until when")"
send /do/feedback.respond 'Respond' 'response=We are sorry.'
check "it is answered" "$(answers 303; same response "$(value -a shop "SELECT response FROM v1_feedback")" 'We are sorry.')"
get '/a/shop/w/feedback?market=DE&state=open'
check "and no longer among what is open" "$(answers 200 'No comment is as you ask for')"
get '/a/shop/w/feedback?market=DE&state=answered'
send /do/feedback.removed 'It was removed'
check "removed" "$(answers 303; same removed "$(value -a shop "SELECT count(*) FROM v1_feedback WHERE removed IS NOT NULL")" 1)"
get "/a/shop/w/feedback?feedback=$order"
check "one comment by its order" "$(answers 200 'Removed')"
get '/a/shop/w/health?metric=nonsense'
check "a metric that nobody knows shows none" "$(answers 200)"
done_testing

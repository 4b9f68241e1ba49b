# SPDX-License-Identifier: Apache-2.0
# Selling Coach: what the rules say of imported files stands on card and page with its numbers; what is made of it
# holds until the numbers change; rules that fail are shown, and the others go on.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-23T10:00:00Z
mkdir -p "$work/scripts"
cp -r scripts/coach scripts/lib "$work/scripts"
sed "s|^\[host\]|&\nscripts = $work/scripts|; s|^file = |file = |" plugins.ini >"$work/plugins.ini"
coach() { souk --config "$work/plugins.ini" "$@"; }
view() { coach show coach --json "$@" | python3 tests/view.py >"$work/view" 2>&1; }
has() { grep -qxF -e "$1" "$work/view" || { echo "not there: $1"; cat "$work/view"; }; }
lacks() { if grep -F -e "$1" "$work/view"; then echo "is there: $1"; fi; }

souk account create shop 2>/dev/null
view
check "before the first import it says what would fill it" "$(has 'empty The rules have not run yet. They run after the first import.')"

# ---- files
listings() {                                            # rows on stdin: sku asin price quantity channel status title
    echo 'item-name	item-description	listing-id	seller-sku	price	quantity	open-date	image-url	item-is-marketplace	product-id-type	zshop-shipping-fee	item-note	item-condition	zshop-category1	zshop-browse-path	zshop-storefront-feature	asin1	asin2	asin3	will-ship-internationally	expedited-shipping	zshop-boldface	product-id	bid-for-featured-placement	add-delete	pending-quantity	fulfillment-channel	merchant-shipping-group	status'
    while IFS='|' read -r sku asin price quantity channel status title; do
        printf '%s\t\tL-%s\t%s\t%s\t%s\t2026-01-02 10:00:00 PST\t\ty\t1\t\t\t11\t\t\t\t%s\t\t\t\t\t\t%s\t\t\t0\t%s\tStd\t%s\n' \
            "$title" "$sku" "$sku" "$price" "$quantity" "$asin" "$asin" "$channel" "$status"
    done
}
listings >"$work/listings.txt" <<'END'
MUG-1|B0TESTMUG1|12.99|5|DEFAULT|Inactive|Blue mug
MUG-2|B0TESTMUG2|12.99|9|DEFAULT|Active|Red mug
MUG-3|B0TESTMUG3|12.99|3|DEFAULT|Active|Green mug
END
head -n 1 tests/import/files/orders.txt >"$work/orders.txt"
py - tests/import/files/orders.txt >>"$work/orders.txt" <<'END'
import sys
head = open(sys.argv[1], encoding="utf-8").readline().rstrip("\r\n").split("\t")
for i in range(1, 7):                                  # 30 units in 30 days
    row = {"amazon-order-id": f"113-0000000-000000{i}", "purchase-date": f"2026-11-2{i % 3}T10:00:00+00:00",
           "last-updated-date": f"2026-11-2{i % 3}T10:00:00+00:00", "order-status": "Shipped", "fulfillment-channel": "Merchant",
           "sales-channel": "Amazon.com", "item-status": "Shipped", "sku": "MUG-3", "asin": "B0TESTMUG3", "product-name": "Green mug",
           "quantity": "5", "currency": "USD", "item-price": "64.95", "ship-country": "US"}
    print("\t".join(row.get(name, "") for name in head), end="\r\n")
END
touch -d 2026-11-23T08:00:00Z "$work/listings.txt" "$work/orders.txt"
run coach import -m US "$work/listings.txt" "$work/orders.txt"
check "import runs the rules" "$(said 0 'The selling coach has 2 new suggestions')"

# ---- worked example: 3 units at 30 in 30 days last 3 days; 30 days of lead time and 30 more need 60, less 3
view
check "restock: words, numbers, what can be done" "$(
    has 'stat Open suggestions = 2'
    has 'item Green mug lasts 3 days more at 1.0 a day, a delivery takes 30 days: order 57. = - badge Open due - tone info'
    has 'fact Units = 3'; has 'fact On their way = 0'; has 'fact Sold in 30 days = 30'; has 'fact Lasts, in days = 3'
    has 'fact Usual lead time, in days = 30'; has 'fact To be ordered = 57'; has 'fact Runs out on = 2026-11-26'
    has 'fact Behind it = sku:MUG-3'
    has 'form suggestion.done:'; has 'form suggestion.snooze: until'; has 'form suggestion.dismiss: why'
    has 'form product.set: lead_days floor')"
check "inactive with stock" "$(
    has 'item Blue mug is inactive, but 5 units could be sold. Find out why, and put it back on sale. = - badge Open due - tone info'
    has 'fact Your price = 1299 USD'; has 'form rival.set: landed')"
run souk query "SELECT * FROM v1_suggestion_facts WHERE unit = 'money'"
check "money is money in the facts" "$(said 0 '*' '1299,USD')"

# ---- what is made of it, on the page as a browser without scripts sends it
serve --config "$work/plugins.ini"
settled() {                                             # waits until the view says so
    tries=0
    until curl -s "$address/a/shop/w/coach?$1" | grep -q -e "$2"; do
        [ $((tries += 1)) -gt 300 ] && { echo "never: $2"; return; }
        sleep 0.02
    done
}
get /a/shop/w/coach
check "the page names its rules, and when they ran" "$(answers 200 'Restock in time' | head -n 3
    grep -q 'coach/restock.lua' "$work/body" || echo "no file")"
get '/a/shop/w/coach?rule=stock.restock'
send suggestion.done 'Done'
check "done: it leaves the list" "$(answers 303 | head -n 3; settled '' 'Blue mug'
    curl -s "$address/a/shop/w/coach?rule=stock.restock" | grep -o 'Green mug lasts')"
get '/a/shop/w/coach?state=done'
check "and stays among what was done, with its numbers" "$(answers 200 'Green mug lasts 3 days'; grep -q 'To be ordered' "$work/body" || echo "no numbers")"
get '/a/shop/w/coach?rule=listing.inactive'
send suggestion.dismiss 'Dismiss' why=
check "dismissing wants a reason, and the page comes again" "$(answers 422 | head -n 3)"
get '/a/shop/w/coach?rule=listing.inactive'
send suggestion.dismiss 'Dismiss' 'why=It is broken.'
check "dismissed with a reason" "$(answers 303 | head -n 3)"
get '/a/shop/w/coach?state=dismissed'
check "the reason stands there" "$(answers 200 'It is broken\.')"
command_() { curl -s -o "$work/body" -w '%{http_code}' -X POST -H 'Content-Type: application/json' -d "$2" "$address/api/v1/a/shop/commands/$1"; }
check "the rules run by command: nothing comes back while the numbers are the same" "$(
    [ "$(command_ coach.run '{}')" = 200 ] || cat "$work/body"
    grep -q 'nothing is open, none of them new' "$work/body" || cat "$work/body")"
check "a lead time of 20 days is another number: open again, by itself" "$(
    [ "$(command_ product.set '{"sku": "MUG-3", "lead_days": 20}')" = 200 ] || cat "$work/body"
    settled '' 'Green mug lasts 3 days more at 1.0 a day, a delivery takes 20 days: order 47\.')"
check "what others ask, typed: a suggestion never below the lowest price" "$(
    [ "$(command_ product.set '{"sku": "MUG-2", "floor": "12.00 USD"}')" = 200 ] || cat "$work/body"
    [ "$(command_ rival.set '{"market": "US", "asin": "B0TESTMUG2", "landed": "11.50 USD"}')" = 200 ] || cat "$work/body"
    settled '' 'Red mug asks 12.99 USD, another offer asks 11.50 USD with shipping. Ask 12.00 USD, your lowest price, and no less\.')"
number=$(souk query "SELECT suggestion FROM v1_suggestions WHERE rule = 'price.compare'" | tail -n 1 | tr -d '\r')
get "/a/shop/w/coach?suggestion=$number"
check "one of them has a page of its own, with its numbers as a table" "$(answers 200 '<table' | head -n 3
    grep -q 'Proposed price' "$work/body" || echo "no proposal"; grep -q '12\.00' "$work/body" || echo "no money")"
send suggestion.snooze 'In 7 days'
check "put off for seven days" "$(answers 303 | head -n 3
    same until "$(souk query "SELECT state, until FROM v1_suggestions WHERE suggestion = $number" | tail -n 1 | tr -d '\r')" \
        "snoozed,1796032800")"
get /a/shop/w/coach?suggestion=4711
check "one that is not there says so" "$(answers 200 'There is no such suggestion\.' | head -n 3)"
get /a/shop/help/w/coach
check "its help" "$(answers 200 'Restock in time' | head -n 3)"
stop

SOUK_NOW=2026-11-30T09:59:59Z view
check "before that moment it is not there" "$(lacks 'Red mug')"
SOUK_NOW=2026-11-30T10:00:00Z view
check "from that moment on it is" "$(grep -q '^item Red mug' "$work/view" || cat "$work/view")"

# ---- a buyer who waits
cat >"$work/letter.eml" <<'END'
Message-ID: <b1@marketplace.amazon.com>
From: "Anna" <abc123@marketplace.amazon.com>
To: shop@example.org
Date: Sun, 22 Nov 2026 12:00:00 +0000
Subject: Inquiry from Amazon customer Anna about order 113-0000000-0000001
Content-Type: text/plain; charset=utf-8

Where is my mug?
END
run coach import "$work/letter.eml"
view
check "a letter near its limit stands first" "$(grep -m 1 '^item ' "$work/view" | grep -q 'waits for an answer.*2 hours are left' || cat "$work/view")"

# ---- rules that fail
printf 'return {\n  id = "mine.broken",\n' >"$work/scripts/coach/broken.lua"
cat >"$work/scripts/coach/runaway.lua" <<'END'
return { id = "mine.runaway", title = "Runs away", needs = { "stock" }, check = function()
  while true do end
end }
END
run coach rule run
check "1: rule run names both" "$(said 1 '*' 'coach/broken\.lua:[0-9]+: '; grep -q 'coach/runaway\.lua:2: it was stopped' "$work/out" || cat "$work/out")"
view
check "the page shows each with file and line, and the others go on" "$(
    grep -q '^alert bad The rule “Runs away” failed at .*coach/runaway\.lua:2: it was stopped after' "$work/view" || cat "$work/view"
    grep -q '^alert bad The rule “coach/broken\.lua” failed at .*coach/broken\.lua:[0-9]*: ' "$work/view" || cat "$work/view"
    grep -q '^item Green mug' "$work/view" || cat "$work/view")"
rm "$work/scripts/coach/broken.lua" "$work/scripts/coach/runaway.lua"
coach rule run >/dev/null 2>&1
view
check "gone with their files" "$(lacks 'alert bad')"

# ---- end to end: the demo shop, made and imported as any files are
run coach demo --orders 2000
check "demo runs the rules at its end" "$(said 0 'The selling coach has [0-9]+ new suggestions')"
coach show coach -a demo --json | python3 tests/view.py >"$work/view" 2>&1
check "late answers, stock that runs out and prices that others undercut are there in three marketplaces" "$(
    for words in 'is late by [0-9]* hours: answer now' 'a delivery takes 30 days: order' 'another offer asks'; do
        grep -q "^item .*$words" "$work/view" || { echo "nothing says: $words"; grep '^item' "$work/view"; }
    done
    same marketplaces "$(souk query -a demo "SELECT count(DISTINCT market) FROM v1_suggestions WHERE is_said = 1" | tail -n 1 | tr -d '\r')" 3)"
coach do -a demo coach.run >/dev/null 2>&1
check "the rules again: nothing new" "$(souk query -a demo "SELECT count(*) FROM v1_suggestions WHERE first <> last OR is_said = 0" | tail -n 1 | grep -q '^0' || echo "some changed")"
done_testing

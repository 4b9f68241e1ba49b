# SPDX-License-Identifier: Apache-2.0
# Promotions: what runs, is coming and has ended; schedule, budget and return by worked examples; the seller's
# own by their forms.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-09-10T12:00:00Z SOUK_ACCOUNT=shop

promotion() {                                           # ID NAME TYPE STATUS STARTS ENDS UNITS REVENUE SPENT
    printf '{"promotionId":"%s","promotionName":"%s","type":"%s","status":"%s","startDateTime":"%s","endDateTime":"%s","unitsSold":%s,"revenue":%s,"revenueCurrencyCode":"USD","amountSpent":%s,"amountSpentCurrencyCode":"USD","marketplaceId":"ATVPDKIKX0DER","glanceViews":41084,"includedProducts":[{"asin":"B0MUG","productName":"Mug","productGlanceViews":380,"productUnitsSold":20,"productAmountSpent":44.25,"productAmountSpentCurrencyCode":"USD","productRevenue":163.71,"productRevenueCurrencyCode":"USD"}]}' "$@"
}
promotions() { echo "{\"reportSpecification\":{\"reportType\":\"GET_PROMOTION_PERFORMANCE_REPORT\",\"marketplaceIds\":[\"ATVPDKIKX0DER\"]},\"promotions\":[$1]}"; }
coupon() {                                              # ID NAME STARTS ENDS PERCENT CLIPS REDEMPTIONS BUDGET SPENT LEFT SALES ASIN
    printf '{"couponId":"%s","marketplaceId":"ATVPDKIKX0DER","currencyCode":"USD","name":"%s","startDateTime":"%s","endDateTime":"%s","discountType":"PERCENT_OFF_LIST_PRICE","discountAmount":%s,"clips":%s,"redemptions":%s,"budget":%s,"budgetSpent":%s,"budgetRemaining":%s,"sales":%s,"asins":[{"asin":"%s"}]}' "$@"
}
coupons() { echo "{\"reportSpecification\":{\"reportType\":\"GET_COUPON_PERFORMANCE_REPORT\",\"marketplaceIds\":[\"ATVPDKIKX0DER\"]},\"coupons\":[$1]}"; }

# The deal ends with 14 September in Los Angeles, the one to come at noon of the 25th.
promotions "$(promotion 1001 'Mug deal' BEST_DEAL APPROVED 2026-09-01T07:00:00Z 2026-09-15T06:59:59Z 121 32917.01 9338.20),
$(promotion 1002 'Lightning to come' LIGHTNING_DEAL APPROVED 2026-09-25T15:00:00Z 2026-09-25T19:00:00Z 0 0 0),
$(promotion 1003 'August deal' BEST_DEAL APPROVED 2026-08-20T07:00:00Z 2026-09-05T06:59:59Z 10 50.00 20.00),
$(promotion 1004 'Called off' BEST_DEAL CANCELLED 2026-09-01T07:00:00Z 2026-09-30T06:59:59Z 0 0 0),
$(promotion 1005 'Long ago' BEST_DEAL APPROVED 2026-01-01T07:00:00Z 2026-02-01T07:00:00Z 1 1.00 1.00)" >"$work/promotions.json"
spring() { coupon C-1 'Ten off' 2026-09-01T07:00:00Z 2026-10-01T06:59:59Z 10 13 4 "$@" B0MUG; }
coupons "$(spring 1000.00 100.00 900.00 620.10)" >"$work/coupons-1.json"
coupons "$(spring 1000.00 500.00 500.00 3100.00)" >"$work/coupons-2.json"
touch -d 2026-09-04T12:00:00Z "$work/coupons-1.json"
touch -d 2026-09-08T12:00:00Z "$work/coupons-2.json" "$work/promotions.json"

view() { souk show promotions --json "$@" | python3 tests/view.py >"$work/view" 2>&1; }
has() { grep -qxF -e "$1" "$work/view" || { echo "not there: $1"; cat "$work/view"; }; }
lacks() { if grep -F -e "$1" "$work/view"; then echo "is there: $1"; fi; }
begins() { grep -qF -e "$1" "$work/view" || { echo "no line has: $1"; cat "$work/view"; }; }

souk account create shop 2>/dev/null
view
check "nothing is known: the page says which report would bring it" "$(begins 'empty No promotion runs')"
souk import "$work/promotions.json" "$work/coupons-1.json" 2>"$work/import.err"
view
check "by schedule and clock: two run, one is coming, one has ended in 30 days" "$(has 'stat Running = 2'
    has 'stat Coming = 1'
    has 'stat Ended in 30 days = 1')"
check "one that was called off does not run" "$(lacks 'Called off')"
check "a schedule that ends with a day says inclusive; times are of the marketplace" \
    "$(has 'note Best Deal: 1 Sept 2026, 00:00 PDT to 14 Sept 2026, 23:59 PDT, 14 Sept 2026 inclusive'
    has 'note Lightning Deal: 25 Sept 2026, 08:00 PDT to 25 Sept 2026, 12:00 PDT')"
check "what has ended stands in a table, with what it returned" "$(has ' |August deal|kind_best_deal|2026-09-05T06:59:59Z|-|10|5000 USD|2000 USD|2.50|-')"

# Worked example: 100.00 were spent up to the 4th, 500.00 up to the 8th.  400.00 in 4 days; the 500.00 that are left
# last 5 more, up to the 13th, which is 17 days before the 30th, the last day of the coupon.
view --set promotion=C-1
check "with one report the pace is counted since the start: 100.00 in 3 days, 900.00 last 27" "$(lacks 'At this pace'
    has 'fact Budget gone on = 2026-10-01')"
souk import "$work/coupons-2.json" 2>"$work/import.err"
view --set promotion=C-1
check "worked example: the budget, and the day on which it is gone" "$(has 'progress Budget spent = 50000 USD of 100000 USD'
    has 'note $500.00 left'
    has 'alert watch At this pace the budget is gone on 13 Sept 2026, 17 days before the promotion ends.')"
check "the burn chart keeps what was said last, day by day" "$(has 'chart Budget by day'
    has ' |2026-09-04|10000 USD|90000 USD'
    has ' |2026-09-07|10000 USD|90000 USD'
    has ' |2026-09-08|50000 USD|50000 USD')"
check "clips, redemptions, and how many of them" "$(has 'stat Clipped = 13'
    has 'stat Redeemed = 4'
    has 'stat Redeemed of clipped = 4/13'
    has 'stat Return on spend = 6.20')"
view --set promotion=1001
check "one promotion: units, views, sales, what it cost and returned, its products" "$(has 'stat Units = 121'
    has 'stat Views = 41084'
    has 'stat Sales = 3291701 USD'
    has 'stat Spent = 933820 USD'
    has 'stat Return on spend = 3.52'
    has ' |B0MUG|Mug|380|20|16371 USD|4425 USD')"
check "and what runs at the same time, with the products they share" "$(has ' |Ten off|promotion:C-1|2026-09-01T07:00:00Z|2026-10-01T06:59:59Z|10 %|1')"

# ---- the seller's own -----------------------------------------------------------------------------------------
serve
web() {                                                 # PATH [OPTION...]: $status, $work/body
    path=$1
    shift
    status=$(curl -s -o "$work/body" -w '%{http_code}' -H "Origin: $address" "$@" "$address$path")
}
fields() {                                              # COMMAND: the hidden fields of its first form in $work/body, as curl options
    python3 - "$work/body" "$1" <<'END'
import html.parser, sys
class Forms(html.parser.HTMLParser):
    form, found = None, None
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.form = a.get("action", "").endswith("/do/" + sys.argv[2]) and self.found is None
            self.found = [] if self.form else self.found
        elif tag == "input" and self.form and a.get("type") == "hidden":
            self.found.append(f"{a['name']}={a['value']}")
    def handle_endtag(self, tag):
        if tag == "form":
            self.form = False
forms = Forms()
forms.feed(open(sys.argv[1]).read())
print("\n".join("--data-urlencode\n" + f for f in forms.found or ["missing=1"]))
END
}
send() {                                                # COMMAND FIELD=VALUE...: sends the form that $work/body has
    command=$1
    shift
    set -- "$@" "$(fields "$command")"
    fields "$command" >"$work/fields"
    args=
    : >"$work/config"
    while read -r line; do
        [ "$line" = --data-urlencode ] || printf 'data-urlencode = "%s"\n' "$(printf '%s' "$line" | sed 's/[\\"]/\\&/g')" >>"$work/config"
    done <"$work/fields"
    while [ $# -gt 1 ]; do
        printf 'data-urlencode = "%s"\n' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')" >>"$work/config"
        shift
    done
    web "/a/shop/do/$command" -K "$work/config"
}
web /a/shop/w/promotions
send promotion.add kind=percent_off 'name=Autumn' market=ATVPDKIKX0DER starts=2026-09-20T00:00 ends=2026-09-30T23:59 percent=60
check "the form adds a promotion as a draft" "$([ "$status" = 303 ] || { echo "$status"; cat "$work/body" "$work/config"; }
    view
    begins 'item Autumn = - badge draft'
    has 'note Percentage off: 20 Sept 2026, 00:00 PDT to 30 Sept 2026, 23:59 PDT, 30 Sept 2026 inclusive'
    has 'form promotion.activate:')"
web /a/shop/w/promotions
send promotion.add kind=percent_off 'name=Too soon' market=ATVPDKIKX0DER starts=2026-09-10T06:00 ends=2026-09-30T23:59 percent=60
check "one that starts too soon is refused, and what was typed stays" "$([ "$status" != 303 ] || echo "it was taken"
    grep -q 'promotion.start_delay' "$work/body" || echo "no reason"
    grep -q 'value="Too soon"' "$work/body" || echo "the name is gone")"
web '/a/shop/w/promotions?promotion=own-7'
check "the form to change it holds what it is now" "$(grep -q 'name="percent"[^>]*value="60' "$work/body" || grep -o '<form[^>]*promotion.change.*</form>' "$work/body" | head -c 1500
    if grep -q 'name="budget"' "$work/body"; then echo "a percentage off has no budget"; fi)"
send promotion.change 'name=Autumn sale' starts=2026-09-20T00:00 ends=2026-09-29T23:59 percent=50 'skus='
view
check "it is changed" "$([ "$status" = 303 ] || { echo "$status"; cat "$work/body"; }
    begins 'item Autumn sale = -'
    has 'note Percentage off: 20 Sept 2026, 00:00 PDT to 29 Sept 2026, 23:59 PDT, 29 Sept 2026 inclusive'
    has 'fact Discount = 50 %')"
web '/a/shop/w/promotions?promotion=own-7'
send promotion.activate
view
check "activated it is coming" "$(has 'stat Coming = 2'
    begins 'item Autumn sale = - badge coming')"
stop
souk do promotion.add kind=percent_off name=Half market=US starts=2026-09-25T00:00 ends=2026-10-05T23:59 percent=50 >"$work/do" 2>&1
souk do promotion.activate promotion=own-8 >>"$work/do" 2>&1
view
check "two that can take off everything are warned of" "$(begins 'alert bad “Autumn sale” and “Half” run at the same time from 25 Sept 2026, 00:00 PDT: a product that both are for goes for 100'
    grep -q 'add up' "$work/do" || cat "$work/do")"
souk do promotion.pause promotion=own-8 >/dev/null 2>&1
view
check "a paused one takes nothing off" "$(lacks 'alert bad'
    begins 'item Half = - badge paused')"
souk do promotion.end promotion=own-7 >/dev/null 2>&1
view
check "an ended one is over" "$(has 'stat Coming = 1')"
SOUK_NOW=2026-09-26T12:00:00Z view
check "later another is running by itself" "$(has 'stat Running = 1'
    lacks 'badge coming')"
view --set promotion=own-99
check "one that is not there" "$(has 'text There is no promotion own-99.')"
serve
check "all links lead somewhere" "$(py tests/page/crawl.py "$address" shop)"
stop
done_testing

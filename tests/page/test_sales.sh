# SPDX-License-Identifier: Apache-2.0
# Sales Summary: what today is compared with, filters, the sales and traffic report and where it differs from
# the order lines, net proceeds, the page of one SKU.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-09-10T19:00:00Z                   # noon in Los Angeles

# ---- files ------------------------------------------------------------------------------------------------
n_orders=0
orders() {                                              # rows on stdin: time status fulfilment sku quantity price business
    echo 'amazon-order-id	purchase-date	last-updated-date	order-status	fulfillment-channel	sales-channel	ship-service-level	product-name	sku	asin	item-status	quantity	currency	item-price	item-tax	shipping-price	gift-wrap-price	is-business-order'
    while IFS='|' read -r at status by sku quantity price business; do
        n_orders=$((n_orders + 1))
        printf '900-0000009-%07d\t%s\t%s\t%s\t%s\tAmazon.com\tStandard\tA %s\t%s\tB0%s\t%s\t%s\t%s\t%s\t1.00\t5.00\t3.00\t%s\n' $n_orders "$at" "$at" \
            "$status" "$by" "$sku" "$sku" "$sku" "$status" "$quantity" "${price:+USD}" "$price" "$business"
    done
}
# Today is the 10th, and the last data point is at 10:00 in the morning.
orders >"$work/orders.txt" <<'END'
2026-09-10T09:00:00-07:00|Unshipped|Merchant|MUG-A|2|50.00|false
2026-09-10T10:00:00-07:00|Unshipped|Amazon|MUG-B|1|1.00|true
2026-09-09T09:59:59-07:00|Shipped|Merchant|MUG-A|1|12.00|false
2026-09-09T11:00:00-07:00|Pending|Merchant|MUG-A|1||false
2026-09-08T23:30:00-07:00|Shipped|Amazon|MUG-B|1|30.00|true
2026-09-07T12:00:00-07:00|Shipped|Merchant|MUG-A|2|20.00|false
2026-09-07T13:00:00-07:00|Cancelled|Merchant|MUG-B|0|15.00|false
2026-09-03T09:59:59-07:00|Shipped|Merchant|MUG-A|1|7.00|false
2026-09-03T10:00:00-07:00|Shipped|Merchant|MUG-A|1|100.00|false
2025-09-10T08:00:00-07:00|Shipped|Merchant|MUG-A|1|3.00|false
2025-09-10T10:00:01-07:00|Shipped|Merchant|MUG-A|1|200.00|false
END
day() {                                                 # DATE SALES UNITS ITEMS SESSIONS VIEWS BUY_BOX
    printf '{"date":"%s","salesByDate":{"orderedProductSales":{"amount":%s,"currencyCode":"USD"},"unitsOrdered":%s,"totalOrderItems":%s},"trafficByDate":{"sessions":%s,"pageViews":%s,"buyBoxPercentage":%s}}' "$@"
}
cat >"$work/traffic.json" <<END
{"reportSpecification":{"reportType":"GET_SALES_AND_TRAFFIC_REPORT","reportOptions":{"dateGranularity":"DAY","asinGranularity":"SKU"},
"dataStartTime":"2026-09-07","dataEndTime":"2026-09-09","marketplaceIds":["ATVPDKIKX0DER"]},
"salesAndTrafficByDate":[$(day 2026-09-07 35.00 3 2 100 200 90.0),$(day 2026-09-08 0.00 0 0 50 100 50.0),$(day 2026-09-09 47.00 4 3 50 100 33.33)],
"salesAndTrafficByAsin":[{"parentAsin":"B0P","childAsin":"B0MUG-A","sku":"MUG-A","salesByAsin":{"unitsOrdered":5,"orderedProductSales":{"amount":52.00,"currencyCode":"USD"},"totalOrderItems":4},"trafficByAsin":{"sessions":120,"pageViews":300,"buyBoxPercentage":80.5}}]}
END
agreeing=$(day 2026-09-07 20.00 2 1 100 200 90.0)
sed "s|\"salesAndTrafficByDate\":.*|\"salesAndTrafficByDate\":[$agreeing],|" "$work/traffic.json" >"$work/agrees.json"

view() { souk show sales --json "$@" | python3 tests/view.py >"$work/view" 2>&1; }
has() { grep -qxF -e "$1" "$work/view" || { echo "not there: $1"; cat "$work/view"; }; }
lacks() { if grep -F -e "$1" "$work/view"; then echo "is there: $1"; fi; }

export SOUK_ACCOUNT=shop
souk account create shop 2>/dev/null
souk import "$work/orders.txt" 2>"$work/import.err"

# ---- comparisons: each ends at 10:00 of its last day -----------------------------------------------------------
first() { grep -m 1 -F "stat $1" "$work/view"; }
view
check "today so far beside yesterday by this time: item prices times units, without tax, shipping and gift wrap" \
    "$(same sales "$(first 'Ordered product sales')" 'stat Ordered product sales = 5100 USD was 1200 USD'
    same units "$(first 'Units ordered')" 'stat Units ordered = 3 was 1'
    same orders "$(first Orders)" 'stat Orders = 2 was 1'
    same average "$(first 'Average per order')" 'stat Average per order = 5100/2 was 1200/1')"
check "average selling price is sales by units, units per order units by orders" "$(has 'fact Average selling price = 5100/3'
    has 'fact Units per order = 1.50')"
view --set compare=week
check "beside the same day last week" "$(same sales "$(first 'Ordered product sales')" 'stat Ordered product sales = 5100 USD was 700 USD')"
view --set compare=year
check "beside the same day last year" "$(same sales "$(first 'Ordered product sales')" 'stat Ordered product sales = 5100 USD was 300 USD')"
view --set compare=week
check "7 days beside the same 7 days a week before, whose last one ends at 10:00" \
    "$(has 'stat Ordered product sales = 11300 USD was 700 USD')"
check "the chart has both" "$(has ' |2026-09-10|5100 USD|10700 USD')"
SOUK_NOW=2024-02-29T20:00:00Z souk show sales --set compare=year >"$work/view"
check "29 February has the 28th of the year before, and 1 March the 1st" "$(grep -q 'vs. 28 Feb 2023 by this time' "$work/view" || cat "$work/view"
    SOUK_NOW=2025-03-01T20:00:00Z souk show sales --set compare=year | grep -q 'vs. 1 Mar 2024 by this time' || echo "not 1 March 2024")"

# ---- filters ------------------------------------------------------------------------------------------------------
while IFS='|' read -r options sales units orders; do
    # shellcheck disable=SC2086
    view $options
    check "filter $options" "$(has "stat Ordered product sales = $sales"
        has "stat Units ordered = $units"
        has "stat Orders = $orders")"
done <<'END'
--set fulfilment=seller|5000 USD was 1200 USD|2 was 1|1 was 1
--set fulfilment=marketplace|100 USD was 0 USD|1 was 0|1 was 0
--set buyers=business|100 USD was 0 USD|1 was 0|1 was 0
--set buyers=consumer|5000 USD was 1200 USD|2 was 1|1 was 1
--set fulfilment=marketplace --set buyers=consumer|0 USD was 0 USD|0 was 0|0 was 0
END
serve
curl -s "$address/api/v1/a/shop/widgets/sales?fulfilment=seller" >"$work/seller.json"
check "a filtered figure leads to its own lines" "$(py - "$work/seller.json" "$address" <<'END'
import csv, io, json, sys, urllib.request
def walk(elements):
    for e in elements:
        yield e
        yield from walk(e.get("elements", []))
sales = [e for e in walk(json.load(open(sys.argv[1]))["elements"]) if e.get("label") == "Ordered product sales"]
for e, lines in zip(sales, (1, 5, 8, 8)):
    text = urllib.request.urlopen(sys.argv[2] + e["to"].replace("?", ".csv?", 1)).read().decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    if sum(round(float(r["price"] or 0) * 100) for r in rows) != e["value"]["minor"] or any(r["fulfilment"] != "seller" for r in rows):
        print(e["value"], rows)
END
)"
stop

# ---- the sales and traffic report ------------------------------------------------------------------------------------
view
check "without a report the page says which one would bring it" "$(has 'empty No sales and traffic report covers a day of this period.')"
souk import "$work/traffic.json" 2>"$work/import.err"
view
# Worked example: 7 units and 5 order items in 200 sessions; the featured offer had 90 % of 200, 50 % of 100 and
# 33.33 % of 100 page views: (90 * 200 + 50 * 100 + 33.33 * 100) / 400 = 65.8325 %.
check "sessions, page views and conversion" "$(has 'stat Sessions = 200'
    has 'stat Page views = 400'
    has 'stat Units per session = 7/200'
    has 'stat Order items per session = 5/200'
    has 'stat Featured offer = 658325/1000000')"
check "by day, shares as the report says them" "$(has ' |2026-09-09|50|100|333300/1000000|4|3|4/50|3/50|4700 USD')"
check "by product, with a link to the SKU" "$(has 'table Sales and traffic by product, 7 Sept 2026 to 9 Sept 2026'
    has ' |B0MUG-A|sku:MUG-A|120|300|805000/1000000|5|4|5/120|4/120|5200 USD')"
# Worked example (features 5.9): the report says 82.00, the lines 62.00.  15.00 were cancelled; 30.00 of the evening
# of the 8th stand on the 9th in the report; 5.00 are what the pending line without a price will cost.
check "report and order lines: both numbers and what explains the difference" "$(has 'text On 3 days of 3 days the sales and traffic report says something else than the order lines.'
    has 'stat In the report = 8200 USD'
    has 'stat In the order lines = 6200 USD'
    has 'stat Difference = 2000 USD tone watch'
    has 'fact Cancelled lines = 1500 USD'
    has 'fact Lines without a price = 1'
    has 'fact On a neighbouring day = 3000 USD'
    has 'fact Not explained = 500 USD tone watch'
    has ' |2026-09-08|0 USD|3000 USD|-3000 USD|0 USD|0|-1')"
souk account create same 2>/dev/null
souk import -a same "$work/orders.txt" "$work/agrees.json" 2>"$work/import.err"
souk show sales -a same --json | python3 tests/view.py >"$work/view"
check "a report that agrees is said to" "$(has 'alert good The sales and traffic report agrees with the order lines of its one day: $20.00.'
    lacks 'Difference')"

# ---- net proceeds, by the day of booking -----------------------------------------------------------------------------
settled() {                                             # TOTAL; lines on stdin: type market kind detail amount day
    echo 'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount fulfillment-id posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased promotion-id' | tr ' ' '\t'
    printf '70001\t2026-08-24 07:00:00 UTC\t2026-09-07 07:00:00 UTC\t2026-09-09 07:00:00 UTC\t%s\tUSD\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\n' "$1"
    while IFS='|' read -r type market kind detail amount day; do
        printf '70001\t\t\t\t\t\t%s\t\t\t\t\t%s\t%s\t%s\t%s\t\t%s\t%s 18:00:00 UTC\t\t\t\tMUG-A\t1\t\n' "$type" "$market" "$kind" "$detail" "$amount" "$day" "$day"
    done
}
settled 60.51 >"$work/settlement.txt" <<'END'
Order|Amazon.com|ItemPrice|Principal|107.00|2026-09-03
Order|Amazon.com|ItemPrice|Tax|8.00|2026-09-03
Order|Amazon.com|ItemWithheldTax|MarketplaceFacilitatorTax-Principal|-8.00|2026-09-03
Order|Amazon.com|ItemFees|Commission|-16.05|2026-09-03
Order|Amazon.com|Promotion|Principal|-4.00|2026-09-04
Refund|Amazon.com|ItemPrice|Principal|-7.00|2026-09-05
Refund|Amazon.com|ItemFees|Commission|1.05|2026-09-05
ServiceFee||other-transaction|Subscription Fee|-39.99|2026-09-05
other-transaction|Amazon.com|other-transaction|WAREHOUSE_DAMAGE|29.50|2026-09-05
other-transaction||other-transaction|Current Reserve Amount|-10.00|2026-09-07
END
souk import "$work/settlement.txt" 2>"$work/import.err"
view
# Worked example: 107.00 sales + 0.00 tax - 4.00 promotions - 7.00 refunds - 15.00 fees + 29.50 other = 110.50.
check "net proceeds of the marketplace, what they are made of, and what names no marketplace" "$(has 'stat Net proceeds = 11050 USD'
    has ' |part_sales|1|10700 USD'
    has ' |part_tax|2|0 USD'
    has ' |part_promotions|1|-400 USD'
    has ' |part_refunds|1|-700 USD'
    has ' |part_fees|2|-1500 USD'
    has ' |part_other|1|2950 USD'
    has 'stat Of no marketplace = -3999 USD')"
check "it is by the day of booking, and says so" "$(has ' |2026-09-05|2355 USD'
    grep -q '^text What closed settlements booked .*by the day of booking, not of the order' "$work/view" || cat "$work/view")"
souk query "SELECT part, sum(amount) FROM v1_ledger_daily WHERE part = 'reserve' GROUP BY part" >"$work/reserve"
check "the reserve is in the ledger and in no figure of it" "$(grep -q 'reserve,-10' "$work/reserve" || cat "$work/reserve")"

# ---- one SKU -----------------------------------------------------------------------------------------------------------
printf 'sku\tasin\tprice\tquantity\nMUG-A\tB0MUG-A\t25.00\t40\n' >"$work/listings.txt"
{
    souk import --market US "$work/listings.txt"
    souk do rival.set market=US asin=B0MUG-A landed='19.00 USD'
    souk do product.set sku=MUG-A lead_days=14 floor='12.00 USD'
} >"$work/do" 2>&1
view --set sku=MUG-A
check "the page of one SKU: its sales of the period, its orders, its traffic" "$(has 'stat Ordered product sales = 18900 USD'
    has 'stat Units ordered = 8'
    has 'stat Average selling price = 18900/8'
    has 'table Orders of 10 Sept 2026'
    has ' |2026-09-10T16:00:00Z|order:900-0000009-0000001|unshipped|2|5000 USD'
    has ' |2026-09-07|2026-09-09|120|300|805000|5|4|5200 USD')"
check "and its offer, what the seller says of it, what others ask" "$(grep -q '^ |ATVPDKIKX0DER|-|2500 USD|40|' "$work/view" || cat "$work/view" "$work/do"
    has 'fact Days from ordering to having it on sale = 14'
    has 'fact Never ask less than = 1200 USD'
    has ' |1900 USD|no|2026-09-10T19:00:00Z|typed')"
view --set sku=NO-SUCH
check "a SKU that nothing names" "$(has 'text No imported report names this SKU.')"
serve
check "all links lead somewhere" "$(py tests/page/crawl.py "$address" shop)"
curl -s "$address/a/shop/w/sales" >"$work/page"
check "a best seller leads to its page" "$(grep -qE 'href="/a/shop/w/sales[?]([^"]*&amp;)?sku=MUG-A' "$work/page" || echo "no link")"
stop
done_testing

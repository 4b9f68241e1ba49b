# SPDX-License-Identifier: Apache-2.0
# Payments: the forecast of the next transfer by a worked example, what holds money back, the page of one
# settlement.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-09-10T12:00:00Z

# ---- files ------------------------------------------------------------------------------------------------
tab=$(printf '\t')
settlement_head='settlement-id	settlement-start-date	settlement-end-date	deposit-date	total-amount	currency	transaction-type	order-id	merchant-order-id	adjustment-id	shipment-id	marketplace-name	amount-type	amount-description	amount	fulfillment-id	posted-date	posted-date-time	order-item-code	merchant-order-item-id	merchant-adjustment-item-id	sku	quantity-purchased	promotion-id'
settlement() {                                          # ID FROM TO TOTAL; lines on stdin: type kind detail amount
    echo "$settlement_head"
    printf '%s\t%s 07:00:00 UTC\t%s 07:00:00 UTC\t%s 07:00:00 UTC\t%s\tUSD\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\n' "$1" "$2" "$3" "$3" "$4"
    while IFS='|' read -r type order kind detail amount; do
        printf '%s\t\t\t\t\t\t%s\t%s\t\t\t\tAmazon.com\t%s\t%s\t%s\t\t%s\t%s 08:00:00 UTC\t\t\t\tMUG-A\t1\t\n' \
            "$1" "$type" "$order" "$kind" "$detail" "$amount" "$2" "$2"
    done
}
settlement 81001 2026-08-03 2026-08-17 1300.00 >"$work/settlement-1.txt" <<'END'
Order|900-0000001-0000001|ItemPrice|Principal|1500.00
Order|900-0000001-0000001|ItemFees|Commission|-100.00
other-transaction||other-transaction|Current Reserve Amount|-100.00
END
settlement 81002 2026-08-17 2026-08-31 2700.00 >"$work/settlement-2.txt" <<'END'
Order|900-0000001-0000002|ItemPrice|Principal|3000.00
Order|900-0000001-0000002|ItemFees|Commission|-200.00
other-transaction||other-transaction|Previous Reserve Amount Balance|100.00
other-transaction||other-transaction|Current Reserve Amount|-200.00
END
# The open cycle: 300.00 are free, 105.00 of it are not yet; the second of those tells its day.
payments() {                                            # rows on stdin: date settlement type order total status release
    echo '"date/time","settlement id","type","order id","sku","description","quantity","marketplace","product sales","selling fees","fba fees","other transaction fees","total","Transaction Status","Transaction Release Date"'
    while IFS='|' read -r at settlement type order total status release; do
        echo "\"$at\",\"$settlement\",\"$type\",\"$order\",\"MUG-A\",\"Mug\",\"1\",\"amazon.com\",\"$total\",\"0\",\"0\",\"0\",\"$total\",\"$status\",\"$release\""
    done
}
payments >"$work/payments-1.csv" <<'END'
Sep 2, 2026 3:00:00 AM PDT|81003|Order|900-0000001-0000003|300.00|Released|Sep 2, 2026 4:00:00 AM PDT
Sep 8, 2026 3:00:00 AM PDT|81003|Order|900-0000001-0000004|80.00|Deferred|
Sep 9, 2026 11:00:00 PM PDT|81003|Order|900-0000001-0000005|25.00|Deferred|Sep 19, 2026 11:30:00 PM PDT
Aug 31, 2026 6:00:00 PM PDT|81002|Transfer||-2700.00|Released|Aug 31, 2026 6:00:00 PM PDT
END
payments >"$work/payments-2.csv" <<'END'
Sep 8, 2026 3:00:00 AM PDT|81003|Order|900-0000001-0000004|80.00|Released|Sep 10, 2026 3:00:00 AM PDT
END
touch -d 2026-09-10T10:00:00Z "$work/payments-1.csv"
touch -d 2026-09-10T11:00:00Z "$work/payments-2.csv"

# ---- what a view shows, as lines -------------------------------------------------------------------------------
view() { souk show payments --json "$@" | python3 tests/view.py of_open >"$work/view" 2>&1; }
has() { grep -qxF -e "$1" "$work/view" || { echo "not there: $1"; cat "$work/view"; }; }
lacks() { if grep -F -e "$1" "$work/view"; then echo "is there: $1"; fi; }

souk account create shop 2>/dev/null
souk import "$work/settlement-1.txt" 2>/dev/null
SOUK_NOW=2026-08-20T12:00:00Z view
check "one closed settlement: no estimate, and why" "$(has 'stat Expected transfer = N/A'
    has 'note Only one closed settlement is known: an estimate needs two.')"
check "without a payments report the card says what would bring it" "$(has 'empty No report shows the open cycle. The payments date-range report would.')"

# Worked example: two cycles of 14 days brought 1,400.00 and 2,800.00 and held back 100.00 and 200.00.  Up to
# 10 September 300.00 are free besides the 200.00 held; four days are left of the fourteen.
#   500.00 + (1,400.00 + 2,800.00) / 28 * 4 - (100.00 + 200.00) / 2 = 500.00 + 600.00 - 150.00 = 950.00
#   lowest  500.00 + 100.00 * 4 - 200.00 = 700.00     highest  500.00 + 200.00 * 4 - 100.00 = 1,200.00
souk import "$work/settlement-2.txt" "$work/payments-1.csv" 2>"$work/import.err"
view
check "the open cycle counts all its rows and the reserve" "$(has 'stat Open cycle = 60500 USD')"
check "worked example: the expected transfer, its lowest and its highest" "$(has 'stat Expected transfer = 95000 USD'
    has 'note Between $700.00 and $1,200.00, by the worst and the best of the last 2 settlements')"
why=$(souk show payments --json | py -c '
import json, sys
def walk(elements):
    for e in elements:
        if e.get("label") == "Expected transfer":
            print(e["why"]["formula"])
        walk(e.get("elements", []))
walk(json.load(sys.stdin)["elements"])')
check "its why puts every number in" "$(for number in '$500.00 so far' 'Plus $600.00' 'the last 2 settlements brought $4,200.00 in 28 days' '4 days are left' 'Less $150.00' 'makes $950.00' 'From $700.00 to $1,200.00'; do
        case $why in *"$number"*) ;; *) echo "no '$number' in: $why" ;; esac
    done)"
check "the end of the cycle by settlement.days, and the days of the bank" "$(has 'fact Next cycle ends about = 2026-09-14T07:00:00Z'
    has 'fact Business days to the bank, at most = 5')"

# ---- what holds money back -----------------------------------------------------------------------------------
check "deferred rows: in all, the next day of release, and those that tell none" "$(has 'fact Deferred = 10500 USD'
    has 'fact Free on 19 Sept 2026 = 2500 USD'
    has 'fact Deferred, no day told = 8000 USD')"
check "the calendar: by the day in the marketplace’s zone" "$(has ' |2026-09-19|Deferred|1|2500 USD'
    has ' |-|Deferred|1|8000 USD')"
check "the settlement names no reason, and the page says so" "$(grep -q '^text The settlement itself names no reason' "$work/view" || cat "$work/view")"
check "without an account health report that reason is not known" "$(grep -q 'No account health report was imported' "$work/view" || cat "$work/view")"
{
    souk do claim.add kind=a_to_z claim=A-1 order=900-0000001-0000003 market=US amount='30.00 USD' opened=2026-07-01T10:00:00Z
    souk do claim.add kind=a_to_z claim=A-2 order=900-0000001-0000004 market=US amount='10.00 USD' opened=2026-07-01T10:00:00Z
    souk do claim.close claim=A-2 outcome=denied
    souk do claim.add kind=chargeback claim=C-1 market=US amount='12.50 USD' opened=2026-08-12T12:00:00Z
    souk do claim.add kind=chargeback claim=C-2 market=US amount='99.00 USD' opened=2026-08-10T12:00:00Z
    souk do health.metric market=US metric=defect fulfilment=seller num=3 den=300 target='1 %' status=bad at=2026-09-01T00:00:00Z
    souk do health.metric market=US metric=defect fulfilment=marketplace num=2 den=300 target='1 %' status=good at=2026-09-01T00:00:00Z
} >"$work/do" 2>&1
view
check "open A-to-z claims of any age, and chargebacks of 30 days only" "$(has 'fact 1 open A-to-z claim = 3000 USD tone watch'
    has 'fact 1 chargeback in 30 days = 1250 USD tone watch')"
check "an order defect rate at its target of 1 % is a reason, one below it is none" "$(has 'fact Order defect rate, fulfilled by the seller = 3/300 tone bad'
    has 'fact Order defect rate, fulfilled by Amazon = 2/300')"

# ---- a newer report: what was deferred is free, and counts once ---------------------------------------------------
souk import "$work/payments-2.csv" 2>/dev/null
view
check "a row that became free is no longer deferred, and not counted twice" "$(has 'stat Open cycle = 60500 USD'
    has 'fact Deferred = 2500 USD'
    has 'stat Expected transfer = 103000 USD'
    lacks 'no day told')"
souk import "$work/payments-1.csv" 2>/dev/null
view
check "the older report again changes nothing" "$(has 'fact Deferred = 2500 USD')"
SOUK_NOW=2026-09-13T12:00:00Z view
check "before its day is over nothing is said" "$(lacks 'should be free')"
SOUK_NOW=2026-09-21T12:00:00Z view
check "after the cycle’s end there is no estimate, but a newer settlement is missed" "$(lacks 'Expected transfer'
    grep -q '^alert watch The last settlement here ended' "$work/view" || cat "$work/view"
    has 'alert watch 1 row with $25.00 should be free by now. A newer payments report would tell.')"

# ---- one settlement ---------------------------------------------------------------------------------------------
view --set settlement=81002
check "the page of one settlement: amount, check, what it is made of, its lines" "$(has 'stat Transferred = 270000 USD'
    has 'alert good Sums to the cent: 4 lines of the settlement add up to $2,700.00.'
    has ' |other-transaction|other-transaction|Current Reserve Amount|1|-20000 USD'
    has 'fact Lines = 4')"
view --set settlement=81003
check "a settlement that only the payments report names" "$(has 'text No settlement report of this number was imported.'
    has ' |Order|ATVPDKIKX0DER|3|2026-09-02T10:00:00Z|2026-09-10T06:00:00Z|40500 USD')"
serve
curl -s "$address/a/shop/w/payments?settlement=81001" >"$work/page"
check "a settlement leads to the next one" "$(grep -qE 'href="[^"]*settlement=81002' "$work/page" || cat "$work/page")"
curl -s "$address/a/shop/w/payments" >"$work/page"
check "the list of settlements leads to each" "$(grep -qE 'href="/a/shop/w/payments[?]([^"]*&amp;)?settlement=81001' "$work/page" || cat "$work/page")"
check "all links lead somewhere" "$(py tests/page/crawl.py "$address" shop)"
stop
done_testing

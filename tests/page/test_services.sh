#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Your services: what each plan would have cost, on months with as many units as the marketplace's own example has, and what
# the orders say against.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T12:00:00Z
. tests/page/web.sh

# Amazon.com, by the days of Los Angeles: July begins with the first order on its 4th, so it is not whole; August has 40 units
# and 5 that were cancelled; September 41, of which one was ordered in its last minutes, when it was October in Greenwich;
# October has none; November has begun.  Amazon.co.jp: 49 units in October cost what the month does.
python3 - >"$work/orders.txt" <<'END'
print("\t".join("amazon-order-id merchant-order-id purchase-date last-updated-date order-status fulfillment-channel sales-channel"
    " order-channel ship-service-level product-name sku asin item-status quantity currency item-price item-tax shipping-price"
    " shipping-tax gift-wrap-price gift-wrap-tax item-promotion-discount ship-promotion-discount ship-city ship-state"
    " ship-postal-code ship-country promotion-ids".split()))
def order(no, at, quantity, status="Shipped", by="Merchant", shop="Amazon.com", price="10.00 USD"):
    amount, currency = price.split()
    print("\t".join([f"111-0000001-{no:07}", "", at, at, status, by, shop, "", "Standard", "Mug", "MUG-1", "B001", status,
        str(quantity), currency, amount] + [""] * 12))
order(1, "2026-07-04T12:00:00+00:00", 60)
order(2, "2026-08-01T07:00:00+00:00", 25)                # midnight there
order(3, "2026-08-20T12:00:00+00:00", 15, by="Amazon")
order(4, "2026-08-21T12:00:00+00:00", 5, status="Cancelled")
order(5, "2026-09-10T12:00:00+00:00", 40)
order(6, "2026-10-01T06:59:00+00:00", 1)                 # 23:59 on 30 September there
order(7, "2026-11-20T12:00:00+00:00", 2, by="Amazon")
order(8, "2026-09-01T12:00:00+00:00", 1, shop="Amazon.co.jp", price="1000 JPY")
order(9, "2026-10-10T12:00:00+00:00", 49, shop="Amazon.co.jp", price="49000 JPY")
order(10, "2026-11-10T12:00:00+00:00", 1, shop="Amazon.co.jp", price="1000 JPY")
order(11, "2026-10-02T12:00:00+00:00", 3, shop="Amazon.fr", price="30.00 EUR")
END
souk account create demo >/dev/null 2>&1
souk import "$work/orders.txt" 2>"$work/import.err" >&2
serve
us=ATVPDKIKX0DER
jp=A1VC38T7YXB528
fr=A13V1IB3VIYZZH
line() { tr -d '\n' <"$work/body" | sed 's/<[^>]*>/ /g; s/&[a-z]*;/ /g' | tr -s ' '; }
says() { line | grep -qE -e "$1" || { echo "no /$1/ in:"; line | head -c 4000; }; }
never() { line | grep -oE -e "$1"; }
keep() { send settings.services.save '' "$@"; [ "$status" = 303 ] || answers 303; }

get /a/demo/settings/services
check "before anything is said the months stand there" "$(answers 200 'Nothing is said of it yet')"
check "40 units make 39.60, the Individual plan is cheaper" "$(says '1 Aug 2026 40 [$]39[.]60 [$]39[.]99 Individual')"
check "41 make 40.59, the Professional one is" "$(says '1 Sept 2026 41 [$]40[.]59 [$]39[.]99 Professional')"
check "a month without orders costs the fee of the month alone" "$(says '1 Oct 2026 0 [$]0[.]00 [$]39[.]99 Individual')"
check "the month of the first order and the one at hand are left out" "$(never '1 (Jul|Nov) 2026 [0-9]+ [$]')"
check "their sums, and from how many units on" "$(says 'last 3 whole months: Individual [$]80[.]19, Professional [$]119[.]97'
    says 'costs less [(][$]0[.]99 a unit, [$]39[.]99 a month[)] 41 ')"
check "yen have no minor unit, and 49 units cost the same" "$(says '1 Oct 2026 49 ¥4,900 ¥4,900 the same'; says '¥100 a unit, ¥4,900 a month[)] 50 ')"
check "where no fees are known it says so, and invents none" "$(says 'Amazon.fr .*The fees of its plans are not known here')"
why=$(grep -o 'href="[^"]*why=costs_why"' "$work/body" | head -n 1 | sed 's/^href="//; s/"$//; s/&amp;/\&/g')
get "$why"
check "\"Why?\" of a figure on a settings page tells its formula above its rows" "$(answers 200 '>How this figure comes about<'; says 'comes about Units that were ordered in each month')"
get "/a/demo/q/services/sold_days?market=US&from=2026-08-01&to=2026-10-31"
check "their days stand behind it, without what was cancelled" "$(says '1 Aug 2026 [^ ]* 25 '; says '20 Aug 2026 [^ ]* 15 '; never '21 Aug 2026')"

get /a/demo/settings/services/new
check "kept" "$(keep market=$us plan=professional fulfilment:seller=seller)"
get /a/demo/settings/services/1
check "the other plan would have cost less, by so much" "$(says 'In the last 3 whole months the Individual plan would have cost [$]39[.]78 less than yours')"
check "orders that say otherwise are a warning" "$(says 'said not to ship for you, but 2 units were ordered from its warehouses'; never 'said not to ship yourself')"
check "the page of a record is of its marketplace alone" "$(never 'Amazon.co.jp 1')"
check "the cheaper plan is nothing to warn of" "$(keep plan=individual; get /a/demo/settings/services/1; never 'less than yours')"
get /a/demo/settings/services/1
send settings.services.save '' advertising=yes
check "advertising with the Individual plan is asked about" "$(answers 422 'meant for sellers with the Professional plan')"
get /a/demo/settings/services/new
check "fees can be typed" "$(keep market=$fr plan=professional fulfilment:seller=seller item_fee=0.50 month_fee=10.00)"
get /a/demo/settings/services/2
check "and count" "$(says '€0[.]50 a unit, €10[.]00 a month[)] 21 ')"
get /a/demo/settings/services/new
check "a marketplace has one record" "$(send settings.services.save '' market=$fr plan=professional fulfilment:seller=seller; answers 422 'stands in another record already')"
check "what is switched on and off is read from v1_settings" "$(souk query "SELECT field, text FROM v1_settings WHERE module = 'services' AND record = 1 ORDER BY field" |
    tr -d '\r' | tr '\n' ' ' | grep -qE 'fulfilment,seller .*plan,individual' || echo no)"
done_testing

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shipping templates and returns: what a sample order is promised at a moment that is fixed here, what is refused and why.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-26T12:30:00Z SOUK_ACCOUNT=demo      # Thursday, 13:30 in Berlin
. tests/page/web.sh
souk account create demo 2>/dev/null
souk import tests/import/files/orders-mixed.txt tests/import/files/orders.txt -m DE >/dev/null 2>&1
serve
says() { tr -d '\n' <"$work/body" | sed 's/<[^>]*>/ /g; s/&[a-z]*;/ /g' | tr -s ' ' | grep -qE -e "$1" || { echo "no /$1/ in:"; sed 's/<[^>]*>/ /g' "$work/body" | tr -s ' \n' | head -c 3000; }; }
template='"name": "Usual", "market": "DE", "sample_items": 2, "sample_weight": "2.5", "closed": [{"day": "2026-11-27"}], "rates": [
    {"to": "DE", "service": "standard", "transit_min": 1, "transit_max": 2, "per_order": "3.90 EUR", "per_item": "0.10 EUR", "per_kg": "0.50 EUR"},
    {"to": "*", "service": "expedited", "transit_min": 5, "transit_max": 14, "per_order": "19.90 EUR"}]'
call settings.shipping.save "{$template}"
check "a template is kept, the first one is the default" "$(answers 200)"
get /a/demo/settings/shipping
check "the list says so" "$(answers 200 'Usual – Amazon.de</a><p>Default of its marketplace')"
get /a/demo/settings/shipping/1
check "before the cut-off: begun today, Friday is closed, so it leaves on Monday" "$(says 'DE Standard 26 Nov 2026 30 Nov 2026 1 Dec 2026 2 Dec 2026 €5[.]35')"
check "to everywhere else, by the days of the carrier" "$(says '[*] Expedited 26 Nov 2026 30 Nov 2026 5 Dec 2026 16 Dec 2026 €19[.]90')"
why=$(grep -o 'href="[^"]*why=sample_why[^"]*"' "$work/body" | head -n 1 | sed 's/^href="//; s/"$//; s/&amp;/\&/g')
get "$why"
check "\"Why?\" without rows explains it on its own page" "$(answers 200 'How this figure comes about'; says 'leaves 1 working day later'; says 'Computed from this template')"
stop
export SOUK_NOW=2026-11-26T13:00:00Z                        # 14:00 in Berlin: the cut-off
serve
get /a/demo/settings/shipping/1
check "at the cut-off it is too late: begun on Monday" "$(says 'DE Standard 30 Nov 2026 1 Dec 2026 2 Dec 2026 3 Dec 2026')"
stop
export SOUK_NOW=2026-12-24T10:00:00Z
serve
get /a/demo/settings/shipping/1
check "on Christmas nobody packs, and nobody delivers" "$(says 'DE Standard 24 Dec 2026 28 Dec 2026 29 Dec 2026 30 Dec 2026')"
stop
# On 29 March 2026 clocks in Berlin go from 2 to 3; 12:30 UTC is 14:30 there, half an hour behind the cut-off.
for case in '2026-03-29T11:30:00Z 29 30' '2026-03-29T12:30:00Z 30 31' '2026-10-25T12:30:00Z 25 26' '2026-10-25T13:30:00Z 26 27'; do
    set -- $case
    export SOUK_NOW=$1
    serve
    call settings.shipping.save '{"record": 1, "work_days": "mon tue wed thu fri sat sun"}'
    get /a/demo/settings/shipping/1
    check "the cut-off is one of the clock on the wall: $1" "$(says "DE Standard $2 [MO][a-z]* 2026 $3 ")"
    stop
done
export SOUK_NOW=2026-11-26T13:00:00Z
serve
get /a/demo/settings/shipping/new
check "a new one promises nothing yet" "$(answers 200; grep -o 'A sample order' "$work/body")"
while IFS='|' read -r name says change; do
    call settings.shipping.save "{\"record\": 1, $change}"
    check "refused: $name" "$(answers 422 "$says")"
done <<'END'
no country|Row 1: “Germany” is no list of countries|"rates": [{"to": "Germany", "service": "standard", "transit_min": 1, "transit_max": 2}]
the most is less than the least|Row 1: at most so many days is less|"rates": [{"to": "DE", "service": "standard", "transit_min": 3, "transit_max": 2}]
another currency|Row 1: on Amazon.de amounts are in EUR|"rates": [{"to": "DE", "service": "standard", "transit_min": 1, "transit_max": 2, "per_kg": "1 USD"}]
no row|needs a row|"rates": []
END

# ---- returns --------------------------------------------------------------------------------------------------------
place='"market": "DE", "address": {"name": "Ost", "street": "Am Markt 1", "city": "Kiel", "country": "DE", "postcode": "24103"}'
call settings.returns.save "{$place, \"window_days\": 10}"
check "fewer days than buyers may withdraw: asked" "$(answers 422 'Fewer than 14 days')"
call settings.returns.save "{$place, \"window_days\": 30, \"rules\": [{\"reason\": \"any\", \"verdict\": \"ask\"}, {\"reason\": \"late\", \"verdict\": \"keep\"}]}"
check "a rule behind one that fits all" "$(answers 422 'Row 1 fits every request')"
call settings.returns.save "{$place, \"window_days\": 30, \"rules\": [{\"reason\": \"defective\", \"up_to\": \"10 EUR\", \"verdict\": \"keep\"}, {\"reason\": \"any\", \"verdict\": \"ask\"}]}"
check "kept" "$(answers 200)"
get /a/demo/settings/returns
check "in a line" "$(answers 200 'Amazon.de: 30 days')"
call settings.returns.save "{$place, \"window_days\": 30}"
check "one for each marketplace" "$(answers 422 'stands in another record')"
get /api/v1/a/demo/settings/returns
check "its rules as JSON" "$(answers 200 '"rules.1.verdict"')"
stop
done_testing

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Listing status on its page and while the program serves: what stays on sale, what is still to be done, and that a vacation
# begins and ends by itself on its days.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T10:00:00Z
. tests/page/web.sh

souk demo --orders 400 2>/dev/null
serve
de=A1PA6795UKMFR9
value() { souk query "$1" | sed -n 2p | tr -d '\r'; }
is() { [ "$1" = "$2" ] || printf 'is   %s\nnot  %s\n' "$1" "$2"; }
count() { value "SELECT count(*) FROM $1"; }
held() { count "v1_outgoing WHERE reason = 'vacation' AND is_open = 1"; }
begun() { count "v1_settings WHERE module = 'listing' AND field = 'begun'"; }
comes() {                                               # HELD BEGUN: soon
    tries=0
    while [ "$(held) $(begun)" != "$1 $2" ] && [ $((tries += 1)) -lt 200 ]; do sleep 0.05; done
    is "$(held) $(begun)" "$1 $2"
}
own=$(count "v1_listings WHERE market = '$de' AND coalesce(fulfilment, 'seller') = 'seller' AND quantity > 0")
fba=$(count "v1_listings WHERE market = '$de' AND fulfilment = 'marketplace' AND status = 'Active'")
ship=$(count "v1_orders WHERE market = '$de' AND fulfilment = 'seller' AND state = 'unshipped'")
check "the demo has both kinds, and orders to ship" "$([ "$own" -gt 0 ] && [ "$fba" -gt 0 ] && [ "$ship" -gt 0 ] || echo "$own $fba $ship")"

get /a/demo/settings/listing
check "without a vacation it says so, with what would go and stay" "$(answers 200 'On sale: no vacation is set'
    tr -d '\n' <"$work/body" >"$work/line"; grep -q "<dd>$fba <a class=\"why\"" "$work/line" || echo "no $fba"; grep -q "<dd>$own <a class=\"why\"" "$work/line" || echo "no $own")"
get /a/demo/settings/listing/new
send settings.listing.save '' market=$de status=vacation from=2026-12-01 until=2026-11-30
check "a last day before the first is refused beside its field" "$(answers 422 'The last day lies before the first, 1 Dec 2026'; answers 422 'value="2026-11-30"')"
send settings.listing.save '' until=2026-12-05
check "a right one is kept" "$([ "$status" = 303 ] || answers 303)"
get /a/demo/settings/listing/1
check "it says when it begins, and what is to be done until then" "$(answers 200 'On vacation from 1 Dec 2026 to 5 Dec 2026'
    answers 200 'Orders to ship.*'; answers 200 'href="/a/demo/w/orders'; answers 200 'href="/a/demo/w/messages'; answers 200 'href="/a/demo/w/claims')"
check "nobody types what was begun" "$(grep -E '<label[^>]*>[^<]*Begun' "$work/body")"
check "before its day nothing happens" "$(is "$(held)" 0)"
stop

export SOUK_NOW=2026-11-30T23:30:00Z                    # in Germany it is 1 December
serve
check "on its first day it begins by itself" "$(comes "$own" 1)"
check "as a rule, with the log to tell of it" "$(is "$(value "SELECT via, command, result FROM v1_audit WHERE command = 'vacation.run > listings.pause'")" 'rule,vacation.run > listings.pause,ok'
    is "$(count "v1_audit WHERE command = 'vacation.run'")" 1)"
get /a/demo/settings/listing/1
check "the page says that it is on vacation, and that somebody must upload" "$(answers 200 'After 5 Dec 2026 the quantities of before are put back'
    answers 200 "$own changes wait to be uploaded"; answers 200 'changed by local')"
stop

export SOUK_NOW=2026-12-05T12:00:00Z
serve
get /a/demo/w/sales
check "every page says so, with a link to it" "$(answers 200 'class="banner"><a href="/a/demo/settings/listing[^"]*">Amazon.de is on vacation until 5 Dec 2026[.]<')"
get /a/demo/settings/listing/1
check "on its last day it goes on" "$(answers 200 'On vacation'; is "$(held) $(begun)" "$own 1")"
stop
export SOUK_NOW=2026-12-07T12:00:00Z                    # the day after it, nobody was there
serve
check "after its last day all comes back by itself" "$(comes 0 0)"
check "and no page speaks of it" "$(get /a/demo/w/sales; answers 200; grep -o 'class="banner.*vacation' "$work/body")"
get /a/demo/settings/listing/1
check "and it is on sale" "$(answers 200 'On sale: no vacation is set'; is "$(value "SELECT text FROM v1_settings WHERE field = 'status'")" active)"

send settings.listing.save '' status=vacation from= until=
get /a/demo/settings/listing/1
check "a vacation from now on has a button" "$(answers 200 'within a quarter of an hour'; answers 200 'Begin now')"
send do/vacation.run 'Begin now'
check "which begins it" "$([ "$status" = 303 ] || answers 303; is "$(held) $(begun)" "$own 1")"
get /a/demo/settings/listing/1
send settings.listing.remove 'Remove' _sure=yes
check "its record removed" "$([ "$status" = 303 ] || answers 303)"
get /a/demo/settings/listing
check "what is still held is told, with a way back" "$(answers 200 "$own listings are still to be off sale")"
send do/listings.resume 'Come back'
check "which goes back" "$([ "$status" = 303 ] || answers 303; is "$(held)" 0)"
done_testing

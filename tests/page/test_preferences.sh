#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Preferences: set on the page and by command, obeyed by all pages, one's own before the account's.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T22:30:00Z
. tests/page/web.sh

souk demo --orders 400 2>/dev/null
serve
api() { curl -s -o "$work/body" -w '%{http_code}' -X POST -H 'Content-Type: application/json' -d "$2" "$address/api/v1/a/demo/commands/$1"; }

get /a/demo/w/sales
check "as it is without a wish" "$(answers 200 '[0-9],[0-9]{3}\.[0-9]{2}'; answers 200 'As of 23 Nov 2026, 22:30 UTC')"
get /a/demo/settings/preferences
check "it is in the Settings menu" "$(answers 200 '/a/demo/settings/preferences')"
send do/preferences.set 'Time zone' zone=Asia/Tokyo numbers=de start=orders
check "a wish is set on the page" "$([ "$status" = 303 ] || answers 303)"
get /a/demo/w/sales
check "numbers are written so, and words stay" "$(answers 200 '[0-9]\.[0-9]{3},[0-9]{2}'; answers 200 'Ordered product sales|product sales'; grep -qE '[0-9],[0-9]{3}\.[0-9]{2}' "$work/body" && echo "some are not")"
check "times are those of the zone" "$(answers 200 'As of 24 Nov 2026, 07:30')"
get '/a/demo/w/sales?market=DE'
check "a marketplace that is chosen has its own time" "$(answers 200 'As of 23 Nov 2026, 23:30')"
get /
check "the start page is the one that was wished for" "$(answers 303; [ "$(header location)" = /a/demo/w/orders ] || header location)"
get /a/demo/settings/preferences
check "the form holds what was set" "$(answers 200 'value="Asia/Tokyo"'; answers 200 'value="de" selected')"
api preferences.account '{"numbers": "fr", "start": "deadlines"}' >"$work/status"
get /a/demo/w/sales
check "one's own goes before the account's" "$(answers 200 '[0-9]\.[0-9]{3},[0-9]{2}')"
api preferences.set '{"numbers": null, "start": null}' >"$work/status"
get /a/demo/w/sales
check "without one's own the account's holds" "$(grep -qP '[0-9]\x{202f}[0-9]{3},[0-9]{2}' "$work/body" || grep -oP '[0-9][^<]{0,4}[0-9]{3},[0-9]{2}' "$work/body" | head -n 3
    get /; [ "$(header location)" = /a/demo/deadlines ] || header location)"
check "no zone, no page: refused in a sentence" "$(
    [ "$(api preferences.set '{"zone": "Mars/Olympus"}')" = 422 ] || echo "zone taken"; grep -q 'Europe/Berlin' "$work/body" || cat "$work/body"
    [ "$(api preferences.set '{"start": "//evil.example"}')" = 422 ] || echo "page taken"; grep -q 'no page to begin with' "$work/body" || cat "$work/body")"
check "both stand in the log" "$(souk query "SELECT count(*) AS n FROM v1_audit WHERE command LIKE 'preferences.%' AND result = 'ok'" | tail -n 1 | tr -d '\r' | grep -vx 3)"
done_testing

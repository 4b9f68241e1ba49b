#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Deposit and charge methods on their pages: the hold that meets a transfer, cards that expire, what is never shown.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T10:00:00Z
. tests/page/web.sh

souk demo --orders 400 2>/dev/null
export SOUK_NOW=2026-11-26T10:00:00Z                    # the cycle of the United States ends on the 28th, Germany's in December
serve
us=ATVPDKIKX0DER
de=A1PA6795UKMFR9
leaks() { grep -qE "$1" "$work/body" "$work/head" && echo "$path shows it"; }

get /a/demo/settings/deposit/new
check "the form tells how a number is written" "$(answers 200 'DE68 2105 0170 0012 3456 78')"
send settings.deposit.save '' market=$de holder='Nord GmbH' kind=iban country=DE number='DE89 3704 0044 0532 0130 01'
check "a wrong IBAN is refused beside its field" "$(answers 422 'The check digits of this IBAN do not fit')"
get /a/demo/settings/deposit/new
send settings.deposit.save '' market=$de holder='Nord GmbH' kind=iban country=DE number='DE89 3704 0044 0532 0130 00'
check "a right one is kept" "$([ "$status" = 303 ] || answers 303)"
get /a/demo/settings/deposit/new
send settings.deposit.save '' market=$us holder='Nord Inc' kind=us number='021001208 1234567890'
check "an American account, too" "$([ "$status" = 303 ] || answers 303)"
get /a/demo/settings/deposit
check "the hold that meets the next transfer is a warning" "$(answers 200 'Amazon.com: the account was changed, so transfers wait until 29 Nov 2026.*expected on 28 Nov 2026.* comes later')"
check "one that is over before is said" "$(answers 200 'Amazon.de: the account was changed, so transfers wait until 29 Nov 2026.*expected on 2 Dec 2026.*, after that')"
check "a marketplace without an account is named" "$(answers 200 'Amazon.co.jp has no deposit method here')"
check "of a number the end is shown" "$(answers 200 'Nord GmbH …000'; leaks '04405320|0044 0532|021001208')"
get /a/demo/settings/deposit/1
check "a record has its own hold alone" "$(answers 200 'Amazon.de: the account was changed'; leaks 'Amazon.com: the account')"
check "its number is not in the form" "$(leaks '0044 0532')"

get /a/demo/settings/charge/new
send settings.charge.save '' market=$us brand=visa last_four='4111 1111 1111 1111' expires=01/2027 holder=Ann
check "a whole card number is refused and not shown again" "$(answers 422 'whole number of a card'; leaks '4111 ?1111 ?1111')"
get /a/demo/settings/charge/new
send settings.charge.save '' market=$us brand=visa last_four=1111 expires=01/2027 holder='4111-1111-1111-1111'
check "nor in the holder's field" "$(answers 422 'whole number of a card'; leaks '4111.?1111.?1111')"
for card in "$us 2222 12/2026 no" "$us 3333 06/2030 no" "$de 4444 10/2026 yes"; do
    # shellcheck disable=SC2086
    set -- $card
    get /a/demo/settings/charge/new
    send settings.charge.save '' market="$1" brand=visa last_four="$2" expires="$3" holder=Ann
    [ "$4" = no ] || send settings.charge.save '' anyway=yes
    [ "$status" = 303 ] || answers 303
done >"$work/cards"
check "cards are kept, one that has expired when asked twice" "$(cat "$work/cards")"
get /a/demo/settings/charge
check "a card that expires within 60 days is warned of" "$(answers 200 'Amazon.com: the card …2222 is good until 31 Dec 2026, 35 days more')"
check "one that has expired is, too" "$(answers 200 'Amazon.de: the card …4444 was good until 31 Oct 2026')"
check "a fresh one is not" "$(leaks 'the card …3333')"
check "the API refuses a card without repeating it" "$(
    curl -s -X POST -H 'Content-Type: application/json' -d '{"market": "DE", "brand": "4111111111111111"}' \
        "$address/api/v1/a/demo/commands/settings.charge.save" >"$work/body"
    leaks '4111111111111111')"
check "the data folder and the log hold no card and no account" "$(
    grep -rlaE '4111 ?1111 ?1111|4111-1111|0044 ?0532|021001208' "$data" "$work/serve.err")"
done_testing

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Users and their rights on the web: an invitation from the address to the first page, roles, grants, what administrators
# cannot do to owners, and what concerns other accounts, too.  TAP.
. tests/tap.sh
. tests/page/web.sh
people=yes
export SOUK_ACCOUNT=shop SOUK_NOW=2026-11-01T12:00:00Z
souk account create shop 2>/dev/null
souk account create other 2>/dev/null
souk import -a shop tests/import/files/orders.txt 2>/dev/null
user anna owner shop
echo "$good" | souk user role anna@example.com owner -a other >/dev/null 2>&1
user max admin shop
user ella owner other
souk user role ella@example.com staff -a shop >/dev/null 2>&1
serve
no_of() { sqlite3 "$data/souk.db" "SELECT no FROM person WHERE email = '$1@example.com'"; }
users=/a/shop/settings/people

as anna
get $users
check "who there is, with role and second factor" "$(answers 200 'anna \(anna@example.com\)</a><p>Owner – without a second factor'
    answers 200 'max \(max@example.com\)</a><p>Administrator'; answers 200 'ella \(ella@example.com\)</a><p>Staff')"
check "it stands in the menu" "$(answers 200 "href=\"$users\"")"
send settings/people 'Make an invitation' email=berta@example.com role=staff
check "an invitation is an address, shown once" "$(answers 200 "$address/invite/[A-Za-z0-9_-]*")"
link=$(grep -o '/invite/[A-Za-z0-9_-]*' "$work/body" | head -n 1)
get $users
check "it is listed, and its address is not" "$(answers 200 'berta@example.com as Staff, invited by anna@example.com'; grep -c "$link" "$work/body" | grep -vx 0)"
send settings/people 'Make an invitation' email=nobody role=staff
check "what is no e-mail is refused" "$(answers 400 'class="alert bad"')"
unset CURL_HOME
get "$link" -H "$html"
send "$link" 'Go on' name=Berta "password=$good"
check "the invited one chooses a password and is in" "$(answers 303; header Set-Cookie | grep -q '^souk=' || header Set-Cookie)"
as berta
get /a/shop/
check "and sees nothing yet" "$(answers 200; grep -o '<section class="card[^>]*' "$work/body")"

# ---- grants ------------------------------------------------------------------------------------------------------
as anna
berta=$(no_of berta)
get "$users/$berta"
check "what can be granted: cards, settings, commands" "$(answers 200 'name="may.widget:sales"'; answers 200 'name="may.settings:business"'
    answers 200 'name="may.command:case.add"'; grep -o 'may.command:settings[a-z.]*\|may.command:buyer.erase' "$work/body")"
send settings/people 'What may' deed=grant 2>/dev/null
get "$users/$berta"
send settings/people Commands may.widget:sales=view may.widget:cases=edit may.command:case.note=none
check "granted" "$(answers 200 'Saved; it counts at once'
    same grants "$(sqlite3 "$data/souk.db" "SELECT object, may FROM person_grant WHERE person = $berta ORDER BY object")" "$(printf 'command:case.note|none\nwidget:cases|edit\nwidget:sales|view')")"
get "$users/$berta"
send settings/people Commands may.widget:sales=unsaid
check "and taken back" "$(answers 200; sqlite3 "$data/souk.db" "SELECT object FROM person_grant WHERE person = $berta AND object = 'widget:sales'")"
as berta
get /a/shop/
check "the cards that were granted stand there" "$(same cards "$(grep -o '<section class="card[^>]*id="[a-z]*' "$work/body" | sed 's/.*id="//')" cases)"
call case.add '{"case": "C-1", "subject": "A pallet is missing"}'
check "with the commands of the card" "$(answers 200)"
call case.note '{"case": "C-1", "body": "Asked."}'
check "but for the one that was taken out" "$(answers 403)"
call notice.add '{"class": "policy", "subject": "x"}'
check "and none of other cards" "$(answers 403)"
get $users
check "users are for administrators" "$(answers 403)"
as anna
souk user grant berta@example.com settings:listing edit -a shop >/dev/null 2>&1
as berta
call listings.pause '{"market": "US"}'
check "who may edit a setting may run its commands" "$(case $status in 403) cat "$work/body" ;; esac)"

# ---- roles ---------------------------------------------------------------------------------------------------------
as max
anna=$(no_of anna) ella=$(no_of ella)
get "$users/$anna"
check "an administrator does not change owners" "$(answers 200 'Only an owner changes what owners may'; grep -o 'value="\(role\|disable\|reset\)"' "$work/body")"
get $users
seal=$(grep -o 'name="seal" value="[0-9a-f]*"' "$work/body" | head -n 1 | sed 's/.*value="//; s/"//')
deed() { get $users -H "Origin: $address" -d "seal=$seal" "$@"; }
deed -d deed=role -d "person=$anna" -d role=viewer
check "not by hand either" "$(answers 403 'Only an owner')"
deed -d deed=invite -d email=carl@example.com -d role=owner
check "nor makes owners" "$(answers 403 'Only an owner lets in owners')"
deed -d deed=invite -d email=anna@example.com -d role=viewer
check "nor takes an owner's role away by an invitation" "$(answers 403 'anna@example.com is a user of shop already'; grep -o '/invite/[A-Za-z0-9_-]*' "$work/body")"
for what in reset disable sessions; do
    deed -d deed=$what -d "person=$ella"
    check "who owns another account is not for an administrator here: $what" "$(answers 403 'other accounts of theirs'; grep -o '/reset/[A-Za-z0-9_-]*' "$work/body")"
done
deed -d deed=role -d "person=$ella" -d role=viewer
check "but their role here is" "$(answers 200 'The role is changed'; same role "$(sqlite3 "$data/souk.db" "SELECT account, role FROM person_role WHERE person = $ella ORDER BY 1")" "$(printf 'other|owner\nshop|viewer')")"
deed -d deed=role -d "person=$berta" -d role=none
check "none: not in this account any more" "$(answers 200; grep -q 'berta@' "$work/body" && echo "still listed")"
get "$users/$berta"
check "nor has a page here" "$(answers 404)"
deed -d deed=nonsense
check "a deed that is none" "$(answers 400)"
get $users -H "Origin: $address" -d seal=00 -d deed=invite -d email=x@example.com -d role=staff
check "a form of another session" "$(answers 403)"
as anna
get "$users/$anna"
seal=$(grep -o 'name="seal" value="[0-9a-f]*"' "$work/body" | head -n 1 | sed 's/.*value="//; s/"//')
deed -d deed=role -d "person=$anna" -d role=viewer
check "the last owner stays" "$(answers 403 'This is the only owner of the account shop'; same role "$(sqlite3 "$data/souk.db" "SELECT role FROM person_role WHERE person = $anna AND account = 'shop'")" owner)"
max=$(no_of max)
deed -d deed=disable -d "person=$max"
check "somebody is disabled" "$(answers 200 'cannot sign in any more')"
as max
get /a/shop/
check "and out at once" "$(answers 303)"
as anna
deed -d deed=enable -d "person=$max"
deed -d deed=reset -d "person=$max"
check "a new password by an address that works once" "$(answers 200 "$address/reset/[A-Za-z0-9_-]*")"
check "all of it stands in the log" "$(for word in link.invite user.role user.grant user.disable; do
    sqlite3 "$data/souk.db" "SELECT count(*) FROM audit WHERE command = '$word' AND actor LIKE '%@example.com'" | grep -qvx 0 || echo "$word does not"; done)"
stop
done_testing

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The log on the web, of an account and of the program, with its filters, as JSON and CSV, and what it says when somebody
# has changed it; tokens of one's own.  TAP.
. tests/tap.sh
. tests/page/web.sh
people=yes
export SOUK_ACCOUNT=shop SOUK_NOW=2026-11-01T12:00:00Z
souk account create shop 2>/dev/null
user anna owner
user max admin
user berta staff
for i in 1 2 3; do souk do notice.add class=policy subject="Rule $i" >/dev/null 2>&1; done
serve
log=/a/shop/settings/log
as berta
get $log
check "staff do not see it" "$(answers 403)"
as max
get $log
check "an administrator sees that of the account" "$(answers 200 'notice.add'; answers 200 'The seals hold'; grep -q 'of=program' "$work/body" && echo "and is offered the other")"
get "$log?of=program"
check "but not that of the program" "$(answers 403 'who owns every account')"
as anna
get "$log?of=program"
check "who owns every account does" "$(answers 200 'session.start'; answers 200 'user.add'; answers 200 'max@example.com')"
for i in $(seq 120); do printf '{"class": "policy", "subject": "Rule %d"}' "$i" |
    curl -s -o /dev/null -X POST -H 'Content-Type: application/json' -H "Origin: $address" -d @- "$address/api/v1/a/shop/commands/notice.add"; done
get $log
check "a hundred on a page, the newest first" "$(answers 200; same rows "$(grep -o '>notice.add<' "$work/body" | wc -l)" 100
    grep -o 'href="/a/shop/settings/log?before=[0-9]*"' "$work/body" | grep -q . || echo "no way to older ones")"
get "$(grep -o 'href="/a/shop/settings/log?before=[0-9]*"' "$work/body" | sed 's/href="//; s/"//')"
check "then the rest" "$(answers 200; same rows "$(grep -o '>notice.add<' "$work/body" | wc -l)" 23)"
get "$log?who=local&what=notice"
check "by who and what" "$(answers 200; same rows "$(grep -o '>notice.add<' "$work/body" | wc -l)" 3)"
get "$log?from=2026-11-02"
check "by day: none later" "$(answers 200 'No entry fits')"
get "$log?from=2026-11-01&to=2026-11-01&who=local"
check "by day: that one" "$(answers 200 'notice.add')"
get "$log?from=yesterday"
check "what is no day" "$(answers 400 'is no day: write it like')"
get "$log?before=x"
check "what is no entry" "$(answers 400 'is no number of an entry')"
get "/api/v1/a/shop/log?who=local"
check "as JSON" "$(answers 200; json "[r[4]['text'] for r in j['rows']] == 3 * ['notice.add']" | grep -qx True || cat "$work/body")"
get "/api/v1/a/shop/log.csv?who=local"
check "as CSV" "$(answers 200; same lines "$(wc -l <"$work/body")" 4)"

# ---- tokens ---------------------------------------------------------------------------------------------------
get /you/tokens
check "no token yet" "$(answers 200 'There is none')"
send /you/tokens 'Make it' title= days=7
check "it wants a name" "$(answers 400 'Write what the token is for')"
get /you/tokens
send /you/tokens 'Make it' title=Sheet days=0
check "and an end" "$(answers 400 'a token is good for 1 to 366'; answers 400 'value="Sheet"')"
get /you/tokens
send /you/tokens 'Make it' title=Sheet days=7 objects=sales
check "and objects that there can be" "$(answers 400 'class="alert bad"')"
get /you/tokens
send /you/tokens 'Make it' title=Sheet days=7 objects=widget:sales
check "a token, shown once" "$(answers 200 'shown never again: souk_[A-Za-z0-9_-]*')"
token=$(grep -o 'souk_[A-Za-z0-9_-]\{20,\}' "$work/body" | head -n 1)
get /you/tokens
check "it is listed without itself" "$(answers 200 'Sheet: shop, look – widget:sales; until'; grep -c "$token" "$work/body" | grep -vx 0)"
unset CURL_HOME
get /api/v1/a/shop/widgets/sales -H "Authorization: Bearer $token"
check "it may what it is for" "$(answers 200)"
get /api/v1/a/shop/widgets/orders -H "Authorization: Bearer $token"
check "and nothing else" "$(answers 403)"
get "/api/v1/a/shop/log?of=program" -H "Authorization: Bearer $token"
check "the log is not for it" "$(answers 403)"
big=$(souk token add anna@example.com Big --right owner 2>/dev/null | grep -o 'souk_[A-Za-z0-9_-]*')
for path in /you /you/tokens /a/shop/settings/people; do
    get "$path" -H "Authorization: Bearer $big" -H "$html"
    check "no token, however much it may, is for $path" "$(answers 403 'A token is not for this')"
done
get /you/tokens -H "Authorization: Bearer $big" -H "Origin: $address" -d title=More -d account=shop -d right=owner -d days=9
check "nor makes another" "$(answers 403 'A token is not for this'; sqlite3 "$data/souk.db" "SELECT title FROM api_token WHERE title = 'More'")"
get /a/shop/settings/people -H "Authorization: Bearer $big" -H "Origin: $address" -d deed=invite -d email=x@example.com -d role=owner
check "nor lets somebody in" "$(answers 403 'A token is not for this')"
export CURL_HOME=$work/anna
get /you/tokens
send /you/tokens 1
check "ended" "$(answers 200 'good for nothing any more')"
unset CURL_HOME
get /api/v1/a/shop/widgets/sales -H "Authorization: Bearer $token"
check "it is good for nothing" "$(answers 401)"
export CURL_HOME=$work/anna

# ---- somebody writes in it ----------------------------------------------------------------------------------------
sqlite3 "$data/accounts/shop.db" "UPDATE audit SET actor = 'nobody' WHERE no = 2" 2>"$work/err" ||
    sqlite3 "$data/accounts/shop.db" "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'" >>"$work/err"
get $log
check "a changed entry is told" "$(answers 200 'Entry 2 of the audit log')"
stop
done_testing

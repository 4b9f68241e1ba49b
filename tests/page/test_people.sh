#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# souk user, token, audit, setup-link, vault: what comes out, what is refused, while souk serves; nothing secret is told.  TAP.
set -u
. tests/tap.sh
export SOUK_ACCOUNT=shop
good='correct horse battery staple nine'
with_input() { printf '%s\n' "$1" >"$work/in"; shift; "$@" <"$work/in" >"$work/out" 2>"$work/err"; code=$?; }
souk account create shop 2>"$work/err"

run souk user list
check "nobody yet, and what to do" "$(said 0 'souk setup-link' '')"
run souk setup-link
check "the set-up link: 128 bits" "$(said 0 'once, within 30 minutes' '^/setup/[A-Za-z0-9_-]{22}$')"
first=$(cat "$work/out")
with_input "$good" souk user add Anna@Example.com --role owner --password-stdin
check "the first owner" "$(said 0 'anna@example.com can sign in, as owner of shop' '')"
run souk serve --no-sign-in --port 0
check "now there is a sign-in" "$(said 4 'There are users, and they sign in' '')"
run souk account create later
check "who owns every account owns a new one" "$(
    same roles "$(sqlite3 "$data/souk.db" "SELECT email, role FROM person_role JOIN person ON no = person WHERE account = 'later'")" \
        'anna@example.com|owner')"
run souk setup-link
check "no set-up link any more" "$(said 4 'has been set up already' '')"
check "the key lies beside the folder, for its owner only" "$(
    [ "$(stat -c '%a %s' "$data.key")" = "400 32" ] || stat -c '%a %s' "$data.key"
    find "$data" -name '*.key*')"

# ---- while souk serves ----------------------------------------------------------------------------------
"$program" --data "$data" serve --port 0 >"$work/serving" 2>&1 &
server=$!
servers="$servers $server"
tries=0
until grep -qs 'Souk is at' "$work/serving" || [ $((tries += 1)) -gt 500 ]; do sleep 0.02; done
with_input 'password1234' souk user add berta@example.com --role staff --password-stdin
check "a password that everybody knows" "$(said 65 'easily guessed' '')"
with_input 'tooshort' souk user add berta@example.com --role staff --password-stdin
check "one that is too short" "$(said 65 'has 8 characters; it needs 12' '')"
with_input 'seven brown kettles on the moon' souk user add berta@example.com --name 'Berta "B"' --role staff --password-stdin
check "staff, while souk serves" "$(said 0 'as staff of shop' '')"
run souk user add carla@example.com --role staff
check "no terminal, no password" "$(said 65 'use --password-stdin' '')"
run souk user grant berta@example.com widget:sales edit
check "a grant" "$(said 0 '' '')"
run souk user grant berta@example.com sales edit
check "no such object" "$(said 65 'Write widget:sales' '')"
run souk user grant berta@example.com widget:sales all
check "no such grant" "$(said 65 'none, view or edit' '')"
run souk user role berta@example.com boss
check "no such role" "$(said 65 "There is no role 'boss'" '')"
run souk user role anna@example.com viewer
check "the last owner stays" "$(said 4 'only owner of the account shop' '')"
run souk user disable anna@example.com
check "and is not disabled" "$(said 4 'only owner' '')"
run souk user role nobody@example.com viewer
check "nobody" "$(said 3 'There is no user nobody@example.com' '')"
run souk token add berta@example.com robot widget:sales --right edit --days 30
check "a token is shown once" "$(said 0 'shown once' '^souk_[A-Za-z0-9_-]{43}$')"
token=$(cat "$work/out")
run souk token add berta@example.com robot --right all
check "no such right" "$(said 65 "There is no right 'all'" '')"
run souk token list
check "and not in the list" "$(said 0 '' 'berta@example.com +shop +edit .*robot widget:sales$'; grep -F "$token" "$work/out")"
run souk user reset berta@example.com
check "a reset is a link" "$(said 0 'once, within 24 hours' '^/reset/[A-Za-z0-9_-]{22}$')"
link=$(cat "$work/out")
run souk user sessions berta@example.com
check "no sessions" "$(said 0 '' '')"
run souk vault rotate
check "the key is not changed while souk serves" "$(said 75 'in use' '')"
run souk user disable berta@example.com
run souk token list
check "who is disabled has no tokens" "$(said 0 '' '')"
kill -TERM "$server"
wait "$server"

# ---- the log, the key -------------------------------------------------------------------------------------
run souk vault rotate
check "a new key" "$(said 0 '2 secrets are sealed with a new key' '')"
unset SOUK_ACCOUNT
run souk audit
check "the log tells who did what" "$(said 0 '' 'local +cli +user\.grant +user:2 +ok +\{"account":"shop","object":"widget:sales","may":"edit"\}$'
    for what in user.add user.role user.password user.disable token.add link.reset link.setup vault.rotate; do
        grep -q " $what " "$work/out" || echo "no $what"
    done)"
for words in 'user list' 'token list' 'audit' 'user sessions anna@example.com' 'user reset anna@example.com'; do
    eval "run souk --json $words"
    check "--json: $words is one object" "$(said 0 '*'; py -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/out")"
done
run souk audit verify
check "the log is whole" "$(said 0 'is as it was written' '')"
run souk audit verify -a shop
check "that of the account, too" "$(said 0 'is as it was written' '')"
sqlite3 "$data/souk.db" "UPDATE audit SET actor = 'nobody' WHERE no = 3"
run souk audit verify
check "an entry that was changed is found" "$(said 70 'Entry 3 of the audit log' '')"
run souk serve --port 0
check "and souk does not serve on it" "$(said 70 'Entry 3 of the audit log' '')"

# ---- nothing secret is told -------------------------------------------------------------------------------
check "no password, token, link or key in database, log or output" "$(
    for secret in "$good" 'seven brown kettles' "$token" "${link#/reset/}" "${first#/setup/}" 'argon2'; do
        grep -rlaF -e "$secret" "$data" "$work/serving" && echo "holds $secret"
    done)"
mv "$data.key" "$work/away"
with_input 'twelve purple anchors in a row' souk user reset anna@example.com --password-stdin
check "the key is missing" "$(said 3 'is missing; secrets are sealed with it' '')"
cp "$work/away" "$data.key"
chmod 644 "$data.key"
with_input 'twelve purple anchors in a row' souk user reset anna@example.com --password-stdin
check "the key may be read by others" "$(said 78 'chmod 400' '')"
chmod 400 "$data.key"
with_input 'twelve purple anchors in a row' souk user reset anna@example.com --password-stdin
check "and all is well again" "$(said 0 '' '')"
done_testing

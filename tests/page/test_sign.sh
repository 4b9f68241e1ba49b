# SPDX-License-Identifier: Apache-2.0
# The way in on the web: set-up, sign-in, out, what is refused and leaves no trace of whom there is; forms of a session;
# every route with every role, held against tests/page/rights.txt.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_ACCOUNT=shop
souk account create shop 2>/dev/null
souk account create other 2>/dev/null
souk import -a shop tests/import/files/orders.txt 2>/dev/null

"$program" --data "$data" serve --port 0 >"$work/serving" 2>"$work/serve.err" &
servers="$servers $!"
until grep -qs 'Souk is at' "$work/serving"; do sleep 0.02; done
address=$(sed -n 's/^Souk is at \(.*\)\/$/\1/p' "$work/serving")
tries=0
until grep -qs '/setup/' "$work/serve.err" || [ $((tries += 1)) -gt 500 ]; do sleep 0.02; done
link=$(sed -n 's/^ *http.*\(\/setup\/[A-Za-z0-9_-]*\)$/\1/p' "$work/serve.err")

# ---- nobody yet ------------------------------------------------------------------------------------------
get /a/shop/ -H "$html"
check "before there is a user nobody gets in" "$(answers 303; same location "$(header Location)" '/sign-in?back=%2Fa%2Fshop%2F')"
get /sign-in -H "$html"
check "and is told how the first one does" "$(answers 200 'souk setup-link'; grep -q 'name="password"' "$work/body" && echo "asks for a password")"
get /api/v1/a/shop/widgets
check "a program is refused" "$(answers 401)"
sed 's/^address = .*/address = 0.0.0.0\nhosts = a.example\ntrusted_proxy = 10.0.0.2/' plugins.ini >"$work/any.ini"
run "$program" --data "$work/elsewhere" --config "$work/any.ini" serve --no-sign-in --port 0
check "without a sign-in only on this machine" "$(said 4 'Refused to serve 0.0.0.0 without a sign-in' '')"

# ---- the first owner -------------------------------------------------------------------------------------
check "serve prints where the owner is set up: 128 bits" "$(echo "$link" | grep -qE '^/setup/[A-Za-z0-9_-]{22}$' || cat "$work/serve.err")"
page "$link"
check "the page asks for e-mail, name and password" "$(answers 200 'name="email".*name="name".*name="password"')"
post "$link" email=anna@example.com name=Anna password=short
check "a short password is refused with what to do; what was typed is kept" "$(answers 422 'it needs 12'; grep -q 'value="anna@example.com"' "$work/body" || echo "the e-mail is gone")"
post "$link" email=anna name=Anna "password=$good"
check "what is no e-mail is refused" "$(answers 422 'class="alert bad"')"
page /setup/AAAAAAAAAAAAAAAAAAAAAA
check "another address does not work" "$(answers 404)"
post "$link" email=Anna@Example.com name=Anna "password=$good"
check "the owner is in" "$(answers 303; same location "$(header Location)" /)"
check "the cookie is for this site and no script" "$(header Set-Cookie | grep -qE '^souk=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$' || header Set-Cookie)"
page "$link"
check "the address works once" "$(answers 404)"
page /a/shop/
check "the home page, and who is signed in" "$(answers 200 'href="/you">anna@example.com<')"

# ---- in and out ------------------------------------------------------------------------------------------
get /a/shop/ -H "$html"
check "without a session one is led to the sign-in and back" "$(answers 303; same location "$(header Location)" '/sign-in?back=%2Fa%2Fshop%2F')"
get /api/v1/a/shop/widgets
check "a program is told what it lacks" "$(answers 401 'Authorization: Bearer'; header WWW-Authenticate | grep -q '^Bearer' || echo "no WWW-Authenticate")"
cp "$jar" "$work/jar.old"
page /you
seal=$(sed -n 's/.*name="seal" value="\([0-9a-f]*\)".*/\1/p' "$work/body")
post /you/session seal=00
check "a form of another session is refused" "$(answers 403 'drew for this session')"
post /sign-out
check "out: the cookie ends, the browser forgets" "$(answers 303; header Set-Cookie | grep -q 'Max-Age=0' || header Set-Cookie; header Clear-Site-Data | grep -q cookies || echo "no Clear-Site-Data")"
get /a/shop/ -b "$work/jar.old" -H "$html"
check "the old cookie is good for nothing" "$(answers 303)"
post /sign-in email=anna@example.com "password=wrong $good"
check "a wrong password" "$(answers 403 'class="alert bad"')"
sed 's/name="email"[^>]*>//; s/anna@example.com//g' "$work/body" | grep -o 'alert bad">[^<]*' >"$work/known"
post /sign-in email=nobody@example.com "password=wrong $good"
check "who is not there is answered in the same words" "$(answers 403; grep -o 'alert bad">[^<]*' "$work/body" | diff - "$work/known")"
post /sign-in email=anna@example.com "password=$good" back=//evil.example/
check "signed in, and led to this site only" "$(answers 303; same location "$(header Location)" /)"
post /sign-in email=anna@example.com "password=$good" back=/a/shop/imports
check "signed in, and led back" "$(answers 303; same location "$(header Location)" /a/shop/imports)"
post /you/password "seal=$seal" old=x "password=$good"
check "the seal of the session before is refused" "$(answers 403)"
page /you
seal=$(sed -n 's/.*name="seal" value="\([0-9a-f]*\)".*/\1/p' "$work/body" | head -n 1)
post /you/password "seal=$seal" "old=$good" password=password1234
check "a password that everybody knows is refused" "$(answers 422 'guessed')"
post /you/password "seal=$seal" "old=not it at all" "password=another $good"
check "the old one is asked for" "$(answers 422 'alert bad')"
post /you/password "seal=$seal" "old=$good" "password=another $good"
check "the password is changed" "$(answers 200 'password is changed')"

# ---- forms ---------------------------------------------------------------------------------------------------
get /api/v1/a/shop/commands/notice.add -b "$jar" -H "Origin: $address" -H 'Content-Type: application/json' -d '{"subject": "By the API", "class": "policy"}'
check "a command by the session, in whose name the log has it" "$(answers 200; same actor "$(value "SELECT actor FROM v1_audit WHERE command = 'notice.add' ORDER BY entry DESC LIMIT 1")" anna@example.com)"
get /api/v1/a/shop/commands/notice.add -b "$jar" -H "Origin: http://evil.example" -H 'Content-Type: application/json' -d '{"subject": "x"}'
check "not from another site" "$(answers 403)"

# ---- every route, every role --------------------------------------------------------------------------------------
put() { printf '%s\n' "$1" >"$work/in"; shift; souk user "$@" --password-stdin <"$work/in" >/dev/null 2>&1; }
put "seven brown kettles on the moon" add viewer@example.com --role viewer
put "seven brown kettles on the roof" add none@example.com --role staff
put "seven brown kettles in the barn" add look@example.com --role staff
put "seven brown kettles at the pier" add edit@example.com --role staff
put "seven brown kettles by the lake" add admin@example.com --role admin
SOUK_ACCOUNT=other put "seven brown kettles in the snow" add other@example.com --role owner
for object in 'widget:*' 'settings:*' 'page:imports'; do
    souk user grant look@example.com "$object" view >/dev/null 2>&1
    souk user grant edit@example.com "$object" edit >/dev/null 2>&1
done
enter() {                                               # E-MAIL PASSWORD
    get /sign-in -c "$work/jar.$1" -H "$html" -H "Origin: $address" --data-urlencode "email=$1" --data-urlencode "password=$2"
    [ "$status" = 303 ] || echo "$1 does not get in: $status"
}
check "they all get in" "$(
    enter viewer@example.com "seven brown kettles on the moon"
    enter none@example.com "seven brown kettles on the roof"
    enter look@example.com "seven brown kettles in the barn"
    enter edit@example.com "seven brown kettles at the pier"
    enter admin@example.com "seven brown kettles by the lake"
    enter anna@example.com "another $good"
    enter other@example.com "seven brown kettles in the snow")"
# The patterns of the table in the program, with something that is there in the place of each name.
sed -n 's/^    { "\([A-Z]*\)", "\([^"]*\)", *"\([^"]*\)",.*/\1 \3 \2/p' host/web/page.c | grep -v '^POST sign_out ' >"$work/routes"
echo 'POST sign_out /sign-out' >>"$work/routes"         # the last of all: it ends the session
# A form or file that says nothing is refused by what it lacks (4xx other than 401, 403), not by who sends it.
walk() {
    printf '# SPDX-License-Identifier: Apache-2.0\n# route: nobody, viewer, staff without grants, staff who looks, staff who edits, admin, owner, owner of another account\n'
    while read -r method name pattern; do
        path=$(echo "$pattern" | sed 's/{account}/shop/; s/{widget}/sales/; s/{plugin}/sales/; s/{query}/by_day/; s/{import}/1/; s/{module}/business/
            s/{record}/1/; s/{article}/import/; s/{market}/DE/; s/{key}/late.limit/; s/{command}/notice.add/; s/{job}/1/; s/{file}/1/; s/{secret}/x/; s/{person}/1/')
        line=
        for who in nobody viewer none look edit admin anna other; do
            set -- -o "$work/walked" -w '%{http_code}%{redirect_url}' -H "$html" -m 10
            [ $who = nobody ] || set -- "$@" -b "$work/jar.$who@example.com"
            case $method-$name in
            GET-*) ;;
            *import.bring) set -- "$@" -H "Origin: $address" -F "file=@/dev/null;filename=x.txt" ;;
            *) set -- "$@" -H "Origin: $address" -d '' ;;
            esac
            [ "$name" != events ] || set -- "$@" -m 1
            got=$(curl -s "$@" "$address$path")
            case $name-$got$([ $who = other ] && echo :other) in
            *-5*) ;;                                    # that is nobody's right
            sign_in*-*|setup*-*|invite*-*|reset*-*) got=yes ;;
            *-303*/sign-in*|*-401) got=in ;;
            *-403)                                      # a form without its seal comes that far
                if grep -q 'drew for this session\|This form is not one' "$work/walked"; then got=yes; else got=no; fi ;;
            calendar-404|asset-404|*.job-404|*file-404|*settings.record-404) got=yes ;;      # there is none
            *-404*) got=404 ;;
            *) got=yes ;;
            esac
            line="$line $got"
        done
        printf '%s:%s\n' "$name" "$line"
    done <"$work/routes"
}
walk >"$work/rights"
[ -z "${UPDATE:-}" ] || cp "$work/rights" tests/page/rights.txt
check "every route with every role, as tests/page/rights.txt says" "$(diff tests/page/rights.txt "$work/rights")"
check "each row of the table of routes is walked" "$(same rows "$(grep -c . "$work/routes")" "$(grep -c '^    { "\(GET\|POST\)"' host/web/page.c)")"
done_testing

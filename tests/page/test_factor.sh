#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The second factor on the web, with a device that computes its codes by itself; recovery codes; before what is grave the
# password is asked for again, and what was typed is done then; from other machines owners cannot do without.  TAP.
. tests/tap.sh
. tests/page/web.sh
people=yes
export SOUK_NOW=2026-11-01T12:00:00Z SOUK_ACCOUNT=shop
souk account create shop 2>/dev/null
user anna owner
push() {                                                # ACTION WORDS NAME=VALUE...: a form of the last page, with the cookie
    cookie=$(sed -n 's/.*[[:space:]]souk[[:space:]]//p' "$jar")
    echo "header = \"Cookie: souk=$cookie\"" >"$work/.curlrc"
    CURL_HOME=$work send "$@"
    fresh=$(header Set-Cookie | sed -n 's/^souk=\([^;]*\);.*/\1/p')
    [ -z "$fresh" ] || sed -i "s|\(.*[[:space:]]souk[[:space:]]\).*|\1$fresh|" "$jar"
}
sign_in() { rm -f "$jar"; post /sign-in email=anna@example.com "password=$good"; }
seed_of() { sed -n 's/.*<dt>To be typed<\/dt><dd>\([A-Z2-7 ]*\)<.*/\1/p' "$work/body" | tr -d ' '; }
# RFC 6238: HMAC-SHA-1 of the 30 seconds that $SOUK_NOW is in, or of later ones.
code() {                                                # SEED STEPS LATER
    SEED=$1 LATER=${2:-0} py -c '
import base64, datetime, hashlib, hmac, os, struct
seed = os.environ["SEED"]
now = datetime.datetime.fromisoformat(os.environ["SOUK_NOW"].replace("Z", "+00:00")).timestamp()
mac = hmac.new(base64.b32decode(seed + "=" * (-len(seed) % 8)), struct.pack(">Q", int(now) // 30 + int(os.environ["LATER"])), hashlib.sha1).digest()
at = mac[-1] & 15
print("%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000))'
}

# ---- set up ----------------------------------------------------------------------------------------------
serve
sign_in
check "signed in" "$(answers 303; same location "$(header Location)" /)"
page /you
check "the page of oneself leads to the second factor" "$(answers 200 '<dd>not set up</dd>'; answers 200 'href="/you/factor">Set up a second factor<')"
page /you/factor
check "which is not set up" "$(answers 200 'action="/you/factor/begin"')"
post /you/factor/begin seal=nonsense
check "a form of elsewhere is refused" "$(answers 403)"
page /you/factor
push /you/factor/begin ''
check "set up" "$(answers 303)"
page /you/factor
seed=$(seed_of)
check "the seed, as words and as a picture" "$(answers 200 '<svg class="qr" role="img"'; [ ${#seed} -ge 32 ] || echo "seed: $seed")"
push /you/factor '' code=000000
check "a wrong code, and the seed stays" "$(answers 422 'class="alert bad"'; same seed "$(seed_of)" "$seed")"
push /you/factor '' "code=$(code "$seed")"
check "the right one: ten recovery codes, shown once" "$(answers 200; same codes "$(grep -o '<dt>Code [0-9]*</dt><dd>[^<]*' "$work/body" | wc -l)" 10)"
recovery=$(grep -o '<dt>Code 1</dt><dd>[^<]*' "$work/body" | sed 's/.*<dd>//')
page /you/factor
check "now it is on, and the seed is not shown again" "$(answers 200 '10 other recovery codes are left|10 recovery codes are left'; grep -c "$seed" "$work/body" | grep -vx 0)"

# ---- signing in -------------------------------------------------------------------------------------------
sign_in
check "the password alone leads to the code" "$(answers 200 'name="code"')"
page /a/shop/
check "and no further" "$(answers 303)"
sign_in
post /sign-in/code "code=$(code "$seed")"
check "a code works once" "$(answers 403)"
post /sign-in/code "code=$(code "$seed" 1)"
check "the next one lets in" "$(answers 303; same location "$(header Location)" /)"
page /a/shop/
check "to the home page" "$(answers 200)"
sign_in
post /sign-in/code "code=$recovery"
check "a recovery code does, too" "$(answers 303; same location "$(header Location)" /you)"
sign_in
post /sign-in/code "code=$recovery"
check "once" "$(answers 403)"
stop

# ---- is it still you? ----------------------------------------------------------------------------------------
rm -f "$jar"
export SOUK_NOW=2026-11-01T13:00:00Z
serve
sign_in
post /sign-in/code "code=$(code "$seed")"
page /a/shop/settings/deposit/new
push settings.deposit.save '' market=A1PA6795UKMFR9 holder='Nord GmbH' kind=iban country=DE number='DE89 3704 0044 0532 0130 00'
check "just signed in, an account is saved at once" "$(answers 303)"
stop
export SOUK_NOW=2026-11-01T13:11:00Z
serve
page /a/shop/settings/business
push settings.business.save '' legal_name='Nord GmbH' address.country=DE address.street='Am Markt 1' address.city=Kiel address.postcode=24103
check "what holds no secret needs no more, however late" "$(answers 303)"
page /a/shop/settings/deposit/new
push settings.deposit.save '' market=A1PA6795UKMFR9 holder='Süd & Co' kind=iban country=DE number='DE02 1203 0000 0000 2020 51'
check "ten minutes later the password is asked for, and a code" "$(answers 200 'Is it still you'; answers 200 'name="_password"'; answers 200 'name="_code"'
    answers 200 'value="Süd &amp; Co"')"
check "and nothing is done" "$(get /api/v1/a/shop/settings/deposit -b "$jar"; json "[r['record'] for r in j['records']]" | grep -vx '\[1\]')"
page /a/shop/settings/deposit/new
push settings.deposit.save '' market=A1PA6795UKMFR9 holder='Süd & Co' kind=iban country=DE number='DE02 1203 0000 0000 2020 51'
push settings.deposit.save '' _password='wrong and long enough' "_code=$(code "$seed")"
check "a wrong password does nothing, and keeps what was typed" "$(answers 403 'value="Süd &amp; Co"')"
old=$(sed -n 's/.*[[:space:]]souk[[:space:]]//p' "$jar")
push settings.deposit.save '' "_password=$good" "_code=$(code "$seed")"
check "the right one does it" "$(answers 303)"
follow -b "$jar" -H "$html" 2>/dev/null || true
page "$(header Location)"
check "the session has a new id" "$([ "$old" != "$(sed -n 's/.*[[:space:]]souk[[:space:]]//p' "$jar")" ] || echo "the same")"
get /a/shop/ -H "$html" -b "souk=$old"
check "the old one is good for nothing" "$(answers 303)"
page /a/shop/settings/deposit
check "what was typed is kept" "$(answers 200 'Süd &amp; Co …051')"
page /a/shop/settings/data/export
check "for ten minutes nothing more is asked" "$(answers 200; same type "$(header Content-Type)" application/zip)"
stop
export SOUK_NOW=2026-11-01T13:22:00Z
serve
page /a/shop/settings/data/export
check "a download of everything asks, too" "$(answers 200 'Is it still you')"
push '/you/again?to=%2Fa%2Fshop%2Fsettings%2Fdata%2Fexport' '' "_password=$good" "_code=$(code "$seed")"
check "and is led back to" "$(answers 303; same location "$(header Location)" /a/shop/settings/data/export)"
page /you/factor
push /you/factor/codes ''
check "new recovery codes" "$(answers 200; same codes "$(grep -o '<dt>Code [0-9]*</dt>' "$work/body" | wc -l)" 10)"
page /you/factor
push /you/factor/drop ''
check "switched off" "$(answers 303)"
sign_in
check "the password is enough again" "$(answers 303; same location "$(header Location)" /)"
stop

# ---- from other machines ---------------------------------------------------------------------------------------
sed 's/^address = .*/address = 127.0.0.1\nhosts = shop.example\ntrusted_proxy = 10.0.0.2/' plugins.ini >"$work/far.ini"
serve --config "$work/far.ini"
sign_in
check "an owner without a second factor is led to it" "$(answers 303; same location "$(header Location)" /you/factor)"
page /a/shop/
check "from everywhere" "$(answers 303; same location "$(header Location)" /you/factor)"
get /api/v1/a/shop/widgets -b "$jar"
check "a program is told" "$(answers 403 'Set up a second factor first')"
page /you/factor
push /you/factor/begin ''
page /you/factor
seed=$(seed_of)
push /you/factor '' "code=$(code "$seed")"
check "set up, the owner is in" "$(answers 200 'Recovery codes')"
page /a/shop/
check "at the home page" "$(answers 200)"
page /you/factor
check "and cannot switch it off" "$(answers 200 'cannot switch it off'; grep -q factor/drop "$work/body" && echo "a button does")"
stop
done_testing

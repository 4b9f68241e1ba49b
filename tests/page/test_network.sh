#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Beyond this machine: TLS with certificate files, what is wrong with them, a proxy that encrypts, whose word counts and
# whose does not, the cookie of an encrypted connection.  TAP.
. tests/tap.sh
. tests/page/web.sh
people=yes
souk account create shop 2>/dev/null

# ---- certificates ----------------------------------------------------------------------------------------
certificate() {                                         # NAME DAYS FROM...: NAME.crt and NAME.key
    name=$1
    shift
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$name.key" -out "$work/$name.crt" \
        -subj "/CN=shop.example" -addext "subjectAltName=DNS:shop.example,IP:127.0.0.1" "$@" >"$work/openssl" 2>&1 || cat "$work/openssl"
    chmod 600 "$work/$name.key"
}
certificate one -days 90
certificate two -days 90
host() {                                                # plugins.ini with these lines under [host]
    sed '/^\[host\]/q' plugins.ini
    printf '%s\n' "$@"
    sed '1,/^\[host\]/d' plugins.ini | grep -v '^address\|^port'
}
wrong() {                                               # NAME CODE SAYS LINE...
    name=$1 expected=$2 says=$3
    shift 3
    host "$@" >"$work/wrong.ini"
    run souk serve --port 0 --config "$work/wrong.ini"
    check "$name" "$(said "$expected" "$says" '')"
}
echo nonsense >"$work/none.crt"
wrong "beyond this machine only encrypted" 4 'others could read along' "address = 0.0.0.0"
wrong "on all addresses only with a name" 78 'by which names people come here' "address = 0.0.0.0" "tls_cert = $work/one.crt" "tls_key = $work/one.key"
wrong "a certificate without its key" 78 'tls_cert is given without tls_key' "tls_cert = $work/one.crt"
wrong "a certificate that is not there" 78 'The certificate .*/no.crt cannot be read: No such file' "tls_cert = $work/no.crt" "tls_key = $work/one.key"
wrong "what is no certificate" 78 'is none that can be used' "tls_cert = $work/none.crt" "tls_key = $work/one.key"
wrong "what is no key" 78 'The key .* is none that can be used' "tls_cert = $work/one.crt" "tls_key = $work/none.crt"
wrong "the key of another" 78 'does not belong to the certificate' "tls_cert = $work/one.crt" "tls_key = $work/two.key"
wrong "a proxy that is no address" 78 "trusted_proxy names 'proxy.example'" "trusted_proxy = proxy.example"
SOUK_NOW=2041-01-01T00:00:00Z wrong "a certificate that is over" 78 'was valid until 20.*: renew it' "tls_cert = $work/one.crt" "tls_key = $work/one.key"
SOUK_NOW=2001-01-01T00:00:00Z wrong "one that is not valid yet" 78 "is this machine.s clock right" "tls_cert = $work/one.crt" "tls_key = $work/one.key"

# ---- TLS ---------------------------------------------------------------------------------------------------
secure() { get "$@" --cacert "$work/one.crt" --resolve "shop.example:$port:127.0.0.1" -b "$jar" -c "$jar" -H "Accept: text/html"; }
post() {                                                # PATH NAME=VALUE...
    path=$1
    shift
    for pair in "$@"; do set -- "$@" --data-urlencode "$pair"; shift; done
    secure "$path" -H "Origin: $address" -d '' "$@"
}
chmod 644 "$work/one.key"
host "hosts = shop.example" "tls_cert = $work/one.crt" "tls_key = $work/one.key" >"$work/tls.ini"
serve --config "$work/tls.ini"
port=${address##*:}
check "the address begins with https and a name of the certificate" "$(same address "$address" "https://shop.example:$port")"
check "a key that others can read is warned of" "$(grep -q 'can be read by others: chmod 600' "$work/serve.err" || cat "$work/serve.err")"
tries=0
until grep -qs '/setup/' "$work/serve.err" || [ $((tries += 1)) -gt 500 ]; do sleep 0.02; done
link=$(sed -n 's|^ *https://shop.example:[0-9]*\(/setup/[A-Za-z0-9_-]*\)$|\1|p' "$work/serve.err")
secure "$link"
check "a page by TLS" "$(answers 200 'name="email"'; same HSTS "$(header Strict-Transport-Security)" max-age=31536000)"
post "$link" email=anna@example.com name=Anna "password=$good"
check "the cookie is for encrypted connections to this host only" "$(answers 303
    header Set-Cookie | grep -qE '^__Host-souk=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure$' || header Set-Cookie)"
secure /a/shop/
check "and lets its owner in" "$(answers 200 'href="/you">anna@example.com<')"
id=$(sed -n 's/.*__Host-souk[[:space:]]*//p' "$jar")
secure /a/shop/ -b "souk=$id"
get /you --cacert "$work/one.crt" --resolve "shop.example:$port:127.0.0.1" -H "Accept: text/html" -b "souk=$id"
check "under its plain name it is none" "$(answers 303)"
check "plain HTTP to this port gets nothing" "$(curl -s -m 5 "http://127.0.0.1:$port/" -o "$work/plain" && cat "$work/plain")"
check "TLS 1.1 is refused" "$(openssl s_client -connect "127.0.0.1:$port" -tls1_1 </dev/null 2>&1 | grep -E 'Cipher is [A-Z]')"
secure /a/shop/
secure "/assets/$(grep -o 'chart[a-z0-9.]*js' "$work/body" | head -n 1)"
check "a long page and a page without end come through" "$(answers 200; [ "$(wc -c <"$work/body")" -gt 100000 ] || wc -c "$work/body"
    curl -sN -m 2 --cacert "$work/one.crt" --resolve "shop.example:$port:127.0.0.1" -b "$jar" "$address/a/shop/events" >"$work/events"
    grep -q '^retry: 3000' "$work/events" || cat "$work/events")"
check "more than an address may hold is refused" "$(secure "/a/shop/?$(awk 'BEGIN { for (i = 0; i < 150; i++) printf "a%d=1&", i }')"
    case $status in 400|000) ;; *) echo "$status" ;; esac)"
post /sign-out
check "signed out, the browser forgets" "$(answers 303; header Clear-Site-Data | grep -q cookies || echo "no Clear-Site-Data")"
stop

# ---- a proxy that encrypts ---------------------------------------------------------------------------------------
own=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 '^[0-9.]*$')
host "address = 0.0.0.0" "hosts = shop.example" "trusted_proxy = 10.0.0.3" >"$work/far.ini"
serve --config "$work/far.ini"
port=${address##*:}
address=http://127.0.0.1:$port
get /sign-in -H "Host: shop.example" -H "Accept: text/html"
check "listening on all addresses it answers this machine, and says that nothing is encrypted" "$(answers 200 'is not encrypted: others may read along')"
if [ -n "$own" ]; then
    address=http://$own:$port
    get /sign-in -H "Host: shop.example" -H "X-Forwarded-For: 192.0.2.7" -H "X-Forwarded-Proto: https"
    check "who comes past the proxy is not answered" "$(answers 403 'reached by its proxy only')"
else
    skip "who comes past the proxy is not answered" "this machine has no address but loopback ones"
fi
stop

host "hosts = shop.example" "trusted_proxy = 127.0.0.1 10.0.0.3" >"$work/proxy.ini"
serve --config "$work/proxy.ini"
through() {                                             # CLIENT PROTO PATH [CURL OPTION...]
    client=$1 proto=$2
    shift 2
    get "$@" -H "Host: shop.example" -H "X-Forwarded-For: $client" -H "X-Forwarded-Proto: $proto" -H "Accept: text/html"
}
through 192.0.2.7 https /sign-in
check "one request for each connection" "$(answers 200; same Connection "$(header Connection)" close)"
for i in 1 2 3; do
    through "1.1.1.1, 192.0.2.7, 10.0.0.3" https /sign-in -H "Origin: https://shop.example" -d "email=anna@example.com" -d "password=wrong"
done
check "a wrong password" "$(answers 403)"
through 192.0.2.7 https /sign-in -H "Origin: https://shop.example" -d "email=anna@example.com" --data-urlencode "password=$good"
check "signed in through it the cookie is one of TLS" "$(answers 303; header Set-Cookie | grep -q '^__Host-souk=.*; Secure$' || header Set-Cookie)"
check "who failed is whom the proxy names, not whom the client does" "$(
    same addresses "$(sqlite3 "$data/souk.db" "SELECT key FROM throttle WHERE key LIKE 'net:%' ORDER BY key")" net:192.0.2.0/24)"
through 192.0.2.7 http /sign-in -H "Origin: http://shop.example" -d "email=anna@example.com" --data-urlencode "password=$good"
check "not encrypted to the proxy, it is a plain one" "$(answers 303; header Set-Cookie | grep -q '^souk=.*Strict$' || header Set-Cookie)"
stop

# ---- nobody's proxy ----------------------------------------------------------------------------------------------
serve
get /sign-in -H "X-Forwarded-For: 192.0.2.7" -H "X-Forwarded-Proto: https" -H "Accept: text/html" -H "Origin: $address" -d "email=anna@example.com" --data-urlencode "password=$good"
check "what nobody's proxy says is not believed" "$(answers 303; header Set-Cookie | grep -q '^souk=' || header Set-Cookie
    header Strict-Transport-Security)"
stop
done_testing

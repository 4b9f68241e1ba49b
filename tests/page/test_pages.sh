# SPDX-License-Identifier: Apache-2.0
# The pages and the API over HTTP: every address of page.h, headers, refusals, links, and whether the figures
# agree with sums taken straight from the order lines and the ledger.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk demo --orders 3000 2>/dev/null
souk account create hostile 2>/dev/null
souk import -a hostile tests/page/hostile-orders.tsv 2>"$work/hostile"
souk account create empty 2>/dev/null
serve

get() {                                                 # PATH [CURL OPTION...]: $status, $work/head, $work/body
    path=$1
    shift
    : >"$work/body"
    status=$(curl -s -o "$work/body" -D "$work/head" -w '%{http_code}' "$@" "$address$path")
}
head_has() { grep -qiE "^$1"'.?$' "$work/head" || { echo "$path: no header $1 in:"; cat "$work/head"; }; }
secured() {
    head_has "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;.* form-action 'self'; base-uri 'none'; frame-ancestors 'none'.*"
    head_has 'X-Content-Type-Options: nosniff'
    head_has 'Referrer-Policy: same-origin'
    head_has 'Cross-Origin-Opener-Policy: same-origin'
    head_has 'Cross-Origin-Resource-Policy: same-origin'
    if grep -iE "^Server:|unsafe-" "$work/head"; then echo "$path: that header should not be there"; fi
}
answers() {                                             # STATUS TYPE
    [ "$status" = "$1" ] || { echo "$path: $status instead of $1"; head -c 300 "$work/body"; }
    [ -z "$2" ] || head_has "Content-Type: $(echo "$2" | sed 's/+/[+]/')(;.*)?"
    secured
}

# ---- addresses --------------------------------------------------------------------------------------------
css=$(curl -s "$address/a/demo/" | grep -o '/assets/souk\.[0-9a-f]*\.css')
js=$(curl -s "$address/a/demo/" | grep -o '/assets/souk\.[0-9a-f]*\.js')
chart=$(curl -s "$address/a/demo/" | grep -o '/assets/chart\.min\.[0-9a-f]*\.js')
while read -r wanted path type; do
    get "$path"
    check "$wanted $path" "$(answers "$wanted" "$type"
        case $type in
        application/json) py -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/body" ;;
        application/problem+json) py -c '
import json, sys
problem = json.load(open(sys.argv[1]))
assert problem["status"] == int(sys.argv[2]) and problem["title"] and problem["detail"].endswith("."), problem
' "$work/body" "$wanted" 2>&1 ;;
        text/html)
            grep -q '<!DOCTYPE html>' "$work/body" || echo "no page"
            if [ "$wanted" -ge 400 ]; then grep -qE "class=\"alert bad\"><b>$wanted</b> [A-Z].*\.</p>" "$work/body" || echo "no sentence"; fi ;;
        text/csv) head -n 1 "$work/body" | grep -qE '^[a-z_]+(,[a-z_]+)+.$' || head -n 1 "$work/body" ;;
        esac)"
done <<END
200 / text/html
200 /a/demo/ text/html
301 /a/demo
200 /a/demo/w/sales text/html
200 /a/demo/w/orders text/html
200 /a/demo/w/payments text/html
200 /a/demo/w/sales?market=DE&period=7d&pending=without&lang=en-XA text/html
200 /a/demo/w/sales?market=A1VC38T7YXB528&period=2026-10-01..2026-10-31 text/html
200 /a/demo/w/sales?market=all text/html
200 /a/demo/q/payments/cycles text/html
200 /a/demo/q/payments/cycles.csv text/csv
200 /a/demo/q/sales/by_day?market=A1PA6795UKMFR9&from=2026-10-01&to=2026-10-31&with_pending=yes text/html
200 /a/empty/ text/html
200 /a/empty/w/sales text/html
200 /api/v1/a/demo/widgets application/json
200 /api/v1/a/demo/widgets/sales application/json
200 /api/v1/a/demo/widgets/orders application/json
200 /api/v1/a/demo/widgets/payments application/json
200 /api/v1/a/demo/widgets/sales.csv text/csv
200 /api/v1/a/demo/widgets/orders.csv text/csv
200 /api/v1/a/demo/widgets/payments.csv text/csv
200 /api/v1/a/demo/q/payments/cycles application/json
200 /healthz application/json
200 /readyz application/json
200 /favicon.svg image/svg+xml
200 $css text/css
200 $js text/javascript
200 $chart text/javascript
404 /nothing text/html
404 /a/nobody/ text/html
404 /a/..%2fsouk/ text/html
404 /a/demo/w/nothing text/html
404 /a/demo/w/sales/more text/html
404 /a/demo/q/payments/nothing text/html
404 /a/demo/q/nothing/cycles text/html
404 /a/demo/q/amazon-orders/cycles text/html
404 /assets/souk.css text/html
404 /api application/problem+json
404 /api/v2/a/demo/widgets application/problem+json
404 /api/v1/a/nobody/widgets application/problem+json
404 /api/v1/a/demo/widgets/nothing application/problem+json
404 /api/v1/a/demo/q/payments/nothing application/problem+json
200 /api/v1/a/empty/widgets/sales application/json
400 /a/demo/?market=FR text/html
400 /a/demo/?market=%3Cscript%3E text/html
400 /a/demo/?period=fortnight text/html
400 /a/demo/w/sales?period=2026-02-30..2026-03-01 text/html
400 /a/demo/w/sales?period=2020-01-01..2026-01-01 text/html
400 /a/demo/w/sales?pending=perhaps text/html
400 /a/demo/q/payments/cycles?page=0 text/html
400 /a/demo/q/payments/cycles?page=two text/html
400 /a/demo/q/payments/totals text/html
400 /a/demo/q/sales/by_day?market=A1PA6795UKMFR9&from=soon&to=2026-10-31&with_pending=yes text/html
400 /api/v1/a/demo/widgets/sales?market=FR application/problem+json
400 /api/v1/a/demo/widgets/sales.csv?period=0d application/problem+json
400 /a/demo/?market=DE&market=US application/problem+json
400 /a/demo/?market=%zz application/problem+json
400 /a/demo/%00 application/problem+json
400 /a/demo/w/%ff application/problem+json
END
get /a/demo -o /dev/null
check "an address without its slash leads on" "$(head_has 'Location: /a/demo/')"
get '/a/demo/w/sales?market=FR'
check "a market that is not there: the page names those that are" "$(grep -q 'has no market &#39;FR&#39;; it has US, DE, JP' "$work/body" || cat "$work/body")"
get '/a/demo/?market=%3Cscript%3E'
check "what was asked for is escaped" "$(grep -q '<script>' "$work/body" && echo "it is not")"
# "Why?" finds the very figure it stands at, also where a card shows fewer figures than the page.
whys() {                                                # PATH: the addresses of its "Why?" links
    get "$1"
    grep -o 'class="why" href="[^"]*"' "$work/body" | sed 's/.*href="//; s/"$//; s/&amp;/\&/g' | sort -u
}
for page in /a/demo/ '/a/demo/?market=DE' /a/demo/w/sales /a/demo/w/orders /a/demo/w/payments '/a/demo/w/sales?pending=without&market=US'; do
    check "$page: every Why? explains its figure" "$(whys "$page" >"$work/whys"
        [ "$(wc -l <"$work/whys")" -gt 10 ] || echo "only $(wc -l <"$work/whys") links"
        while read -r link; do
            get "$link"
            grep -q 'id="why"' "$work/body" || echo "$link"
        done <"$work/whys")"
done
check "the next cycle of each marketplace is explained by its own last one" "$(whys /a/demo/ | grep next_why >"$work/whys"
    while read -r link; do
        get "$link"
        grep -o 'The last cycle ended [^;]*' "$work/body"
    done <"$work/whys" | sort -u | wc -l | grep -qx 3 || cat "$work/whys")"
get /a/empty/w/sales
check "without data the card says which file would help" "$(grep -q 'The report that brings it: All orders' "$work/body" || cat "$work/body")"
get /
check "several accounts: the first page lists them" "$(for name in demo hostile empty; do grep -q "href=\"/a/$name/\"" "$work/body" || echo "no $name"; done)"

# ---- caching, compression, HEAD --------------------------------------------------------------------------------
# A page with forms is another one each time: each form has a key of its own.
for path in '/a/demo/?_only=sales,orders' /a/demo/w/sales /a/demo/q/payments/cycles /a/demo/q/payments/cycles.csv /api/v1/a/demo/widgets/sales; do
    get "$path"
    etag=$(sed -n 's/^[Ee][Tt][Aa][Gg]: \(.*\).$/\1/p' "$work/head")
    cp "$work/body" "$work/plain"
    check "$path: ETag, and 304 without a body" "$(
        [ -n "$etag" ] || echo "no ETag"
        head_has 'Cache-Control: private, no-cache'
        get "$path" -H "If-None-Match: $etag"
        answers 304 ''
        [ ! -s "$work/body" ] || echo "a body of $(wc -c <"$work/body") bytes"
        get "$path" -H 'If-None-Match: W/"other"'
        answers 200 '')"
    check "$path: gzip says the same in fewer bytes" "$(
        get "$path" -H 'Accept-Encoding: gzip'
        if [ "$(wc -c <"$work/plain")" -gt 1024 ]; then
            head_has 'Content-Encoding: gzip'
            head_has 'Vary: Accept-Encoding'
            gunzip -c <"$work/body" | cmp - "$work/plain" 2>&1
            [ "$(($(wc -c <"$work/body") * 2))" -lt "$(wc -c <"$work/plain")" ] || echo "it is not small"
        fi
        get "$path" -H 'Accept-Encoding: gzip;q=0, identity'
        grep -i 'Content-Encoding' "$work/head")"
    check "$path: HEAD has the head of GET" "$(
        get "$path"
        grep -vi '^date:' "$work/head" | sort >"$work/head.get"
        curl -s --head -o "$work/head" "$address$path"
        grep -vi '^date:' "$work/head" | sort | diff - "$work/head.get")"
done
for path in "$css" "$js" "$chart"; do
    get "$path"
    check "${path%.*.*}: kept for a year" "$(head_has 'Cache-Control: max-age=31536000, immutable')"
done
get /a/nobody/
check "errors are not kept" "$(head_has 'Cache-Control: no-store')"
get /a/demo/q/payments/cycles.csv
check "CSV is offered under its name" "$(head_has "Content-Disposition: attachment; filename=\"payments-cycles.csv\".*")"

# ---- who may ask ----------------------------------------------------------------------------------------------------
while IFS='|' read -r wanted header also; do
    get /a/demo/ -H "$header" ${also:+-H "$also"}
    check "$wanted for $header${also:+, $also}" "$(answers "$wanted" ''; [ "$wanted" = 200 ] || head_has 'Content-Type: application/problem\+json')"
done <<END
421|Host: evil.example
421|Host: evil.example:${address##*:}
421|Host: 127.0.0.1.evil.example
200|Host: localhost:${address##*:}
200|Host: LOCALHOST:${address##*:}
403|Origin: http://evil.example
403|Origin: null
200|Origin: $address
403|Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors
403|Sec-Fetch-Site: same-site|Sec-Fetch-Mode: cors
200|Sec-Fetch-Site: same-origin|Sec-Fetch-Mode: cors
200|Sec-Fetch-Site: none|Sec-Fetch-Mode: navigate
END
get /a/demo/ -H 'Sec-Fetch-Site: cross-site' -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document'
check "another site may link to a page" "$(answers 200 text/html)"
get /a/demo/ -H 'Sec-Fetch-Site: cross-site' -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: iframe'
check "another site may not frame a page" "$(answers 403 '')"
for method in POST PUT DELETE OPTIONS; do
    get /a/demo/ -X $method
    check "$method is refused" "$(answers 405 'application/problem+json'; head_has 'Allow: GET, HEAD')"
done
get /a/demo/ -H 'Accept: text/html,*/*;q=0.8' --data a=1
check "a refusal is a page for who asks for pages" "$(answers 405 text/html; head_has 'Allow: GET, HEAD'
    grep -qE 'class="alert bad"><b>405</b> .*Only GET and HEAD are answered here\.</p>' "$work/body" || cat "$work/body")"
get /api/v1/a/demo/widgets -H 'Accept: text/html' --data a=1
check "a refusal of the API is none" "$(answers 405 'application/problem+json')"
get '/a/demo/?market=DE&lang=en-XA' -H 'Accept: text/html' -H 'Host: evil.example'
check "under a foreign name there is a sentence and no page" "$(answers 421 text/html; if grep -q evil "$work/body"; then cat "$work/body"; fi)"

# ---- links, markup, CSV -------------------------------------------------------------------------------------------------
check "every link of the home page and of the widgets leads somewhere, and theirs too" "$(py tests/page/crawl.py "$address" demo)"
check "hostile titles and SKUs are imported" "$(grep ' 12 accepted, 0 unchanged, 0 rejected' "$work/hostile" >/dev/null || cat "$work/hostile")"
check "hostile titles and SKUs stay text in every page, and no formula in any CSV" "$(py tests/page/crawl.py "$address" hostile)"

get '/a/hostile/q/sales/lines.csv?market=ATVPDKIKX0DER&from=2026-10-01&to=2026-11-01&with_pending=yes'
check "a title that would be a formula is there, behind an apostrophe" "$(answers 200 text/csv
    for start in "'=HYPERLINK" "'+1+cmd" "'-2+3" "'@SUM" "'＝1+1"; do grep -qF -- "$start" "$work/body" || echo "no $start"; done)"
souk query -a hostile "SELECT sku, title FROM v1_order_lines" >"$work/body"
check "so it is in what souk query writes" "$(
    for start in "'=HYPERLINK" "'+1+cmd" "'-2+3" "'@SUM" "'=1+1" "'@SKU"; do grep -qF -- "$start" "$work/body" || echo "no $start"; done)"

# ---- figures ----------------------------------------------------------------------------------------------------------------
# The same in SQL, straight from the order lines and the ledger, with the days and times of today worked out here.
today=20758                                       # 2026-11-01, in all three markets at noon UTC
for market in US:ATVPDKIKX0DER:America/Los_Angeles DE:A1PA6795UKMFR9:Europe/Berlin JP:A1VC38T7YXB528:Asia/Tokyo; do
    zone=${market##*:} id=${market%:*} code=${market%%:*}
    id=${id#*:}
    until_s=$(value -a demo "SELECT data_until FROM v1_markets WHERE market = :m" --set "m=$id")
    curl -s "$address/api/v1/a/demo/widgets/sales?market=$code" >"$work/sales.json"
    for days in 1 7 15 30; do
        # Midnight of today and of the day from which the comparison runs to the same time of its last day.
        start_s=$(TZ=$zone date -d 2026-11-01 +%s)
        then_s=$(TZ=$zone date -d "2026-11-01 -$days days" +%s)
        lines="FROM v1_order_lines WHERE market = :m AND state <> 'cancelled'"
        orders="FROM v1_orders WHERE market = :m AND state <> 'cancelled'"
        now="AND purchase_day > :from AND purchase_day <= :today"
        before="AND purchase_day > :from AND (purchase_day < :last OR (purchase_day = :last AND purchased < :then))"
        for what in "sum(price) $lines $now" "sum(quantity) $lines $now" "count(*) $orders $now"; do
            value -a demo "SELECT coalesce(${what%% *}, 0) ${what#* }" --set "m=$id" --set from=$((today - days)) --set today=$today
        done | tr '\n' ' ' >"$work/expected.$days"
        for what in "sum(price) $lines $before" "sum(quantity) $lines $before" "count(*) $orders $before"; do
            value -a demo "SELECT coalesce(${what%% *}, 0) ${what#* }" --set "m=$id" --set from=$((today - 2 * days)) \
                --set last=$((today - days)) --set then=$((then_s + until_s - start_s))
        done | tr '\n' ' ' >>"$work/expected.$days"
    done
    check "sales of $code: today, 7, 15 and 30 days and what they are compared with, as in the order lines" "$(py - "$work" <<'END'
import json, sys
view = json.load(open(sys.argv[1] + "/sales.json"))
sections = {}
def walk(elements):
    for e in elements:
        if e["kind"] == "section":
            sections[e["title"]] = [s for s in e["elements"] if s["kind"] == "stat"]
        walk(e.get("elements", []))
walk(view["elements"])
for days, title in (1, "Today so far"), (7, "7 days"), (15, "15 days"), (30, "30 days"):
    expected = [int(n) for n in open(f"{sys.argv[1]}/expected.{days}").read().split()]
    sales, units, orders, average = sections[title]
    shown = [sales["value"]["minor"], units["value"]["value"], orders["value"]["value"],
             sales["before"]["minor"], units["before"]["value"], orders["before"]["value"]]
    if shown != expected:
        print(title, "shows", shown, "instead of", expected)
    if (average["value"]["num"], average["value"]["den"]) != (expected[0], expected[2]):
        print(title, "average is", average["value"])
    if days == 30 and expected[2] < 10:
        print("hardly any orders:", expected)
END
    )"
done
check "orders: each count is the number of rows that it opens" "$(py tests/page/crawl.py "$address" demo counts)"
check "payments: the amount shown is the settlement's, its lines add up to it" "$(
    for market in US:ATVPDKIKX0DER DE:A1PA6795UKMFR9 JP:A1VC38T7YXB528; do
        cycle=$(value -a demo "SELECT settlement_id, total, line_sum, missing, lines FROM v1_cycles WHERE market = :m ORDER BY ended DESC LIMIT 1" --set "m=${market#*:}")
        id=${cycle%%,*}
        same "ledger of $market" "$(value -a demo "SELECT sum(amount), count(*) FROM v1_ledger WHERE settlement_id = :s" --set "s=$id")" \
            "$(echo "$cycle" | cut -d, -f3,5)"
        curl -s "$address/api/v1/a/demo/widgets/payments?market=${market%:*}" | CYCLE=$cycle py -c '
import json, os, sys
id, total, line_sum, missing, lines = os.environ["CYCLE"].split(",")
stats, alerts = [], []
def walk(elements):
    for e in elements:
        stats.extend([e] if e["kind"] == "stat" else [])
        alerts.extend([e] if e["kind"] == "alert" else [])
        walk(e.get("elements", []))
walk(json.load(sys.stdin)["elements"])
if stats[0]["value"]["minor"] != int(total):
    print("shows", stats[0]["value"], "instead of", total)
if (alerts[0]["tone"] == "good") != (int(missing) == 0):
    print("missing", missing, "but it says", alerts[0]["text"])
'
    done
    same "settlements whose lines add up to something else than is stored" \
        "$(value -a demo "SELECT count(*) FROM (SELECT c.settlement_id AS id, c.line_sum AS stored, sum(l.amount) AS added FROM v1_cycles c JOIN v1_ledger l ON l.settlement_id = c.settlement_id GROUP BY c.settlement_id, c.line_sum) t WHERE stored <> added")" 0)"
check "the one settlement of the demo shop that misses cents is said to" "$(
    same "settlements that do not sum" "$(value -a demo "SELECT count(*), sum(missing) FROM v1_cycles WHERE missing <> 0")" 1,7
    get '/a/demo/w/payments?market=DE'
    grep -q '€0.07' "$work/body" || echo "the page does not tell the 7 cents")"

# ---- through encode and decode ------------------------------------------------------------------------------------------------
for widget in sales orders payments; do
    for face in '' .csv; do curl -s "$address/api/v1/a/demo/widgets/$widget$face"; done >"$work/$widget.called"
    curl -s "$address/a/demo/w/$widget" >>"$work/$widget.called"
done
stop
check "SIGTERM ends the server with 0" "$(same "exit code" $code 0)"
export SOUK_WIRE=1
serve
for widget in sales orders payments; do
    for face in '' .csv; do curl -s "$address/api/v1/a/demo/widgets/$widget$face"; done >"$work/$widget.wired"
    curl -s "$address/a/demo/w/$widget" >>"$work/$widget.wired"
    check "$widget: the same through SOUK_WIRE=1" "$([ -s "$work/$widget.wired" ] || echo "nothing"; cmp "$work/$widget.called" "$work/$widget.wired" 2>&1)"
done
unset SOUK_WIRE
stop

# ---- settlements that do not sum, and real files ----------------------------------------------------------------------------------
souk demo --orders 1000 --out "$work/files" >/dev/null
souk account create short 2>/dev/null
last=$(find "$work/files" -name 'settlement-US-*' | sort | tail -n 2 | head -n 1)
head -n 60 "$last" >"$work/settlement-US.txt"
souk import -a short "$work/settlement-US.txt" 2>/dev/null
[ -z "$reports" ] || { souk account create real && souk import -a real "$reports"; } 2>"$work/real"
serve
get /a/short/
check "a settlement that was cut short: the page says what is missing" "$(grep -qE 'class="alert bad">.*missing: .*lines? of the settlement (add up to|is).*but the report says' "$work/body" || cat "$work/body")"
if [ -n "$reports" ]; then
    get '/a/real/w/payments?market=DE'
    check "the real German settlement sums to 53,44 EUR" "$(grep -qE 'class="alert good">.*Sums to the cent: .*€53\.44' "$work/body" || cat "$work/body" "$work/real")"
    get '/a/real/w/payments?market=US'
    check "the real American excerpts do not sum, and the page says so" "$(grep -qE 'class="alert bad">.*missing: the ' "$work/body" || cat "$work/body" "$work/real")"
    check "all figures of the real files that can be followed lead somewhere" "$(py tests/page/crawl.py "$address" real)"
else
    skip "the real settlements on the page" "SOUK_REPORTS is not set"
fi
stop
done_testing

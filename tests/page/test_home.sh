# SPDX-License-Identifier: Apache-2.0
# The home page: cards whose widget fails, is slow or has no data; cards that are moved, widened and hidden; a
# widget whose plugin is gone; the layout as a file; views that are kept by the areas they are made from.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z
files=tests/import/files

naughty=$build/tests/plugin/naughty.so
{ sed 's/^\[host\]$/&\nlog_level = debug/' plugins.ini; printf '\n[naughty]\nfile = %s\nisolate = no\n' "$naughty"; } >"$work/with.ini"
[ -e "$naughty" ] || { echo "not ok 1 - there is no $naughty: make check builds it"; exit 1; }
souk account create shop 2>/dev/null
souk import -a shop -m DE $files/orders.txt 2>/dev/null
serve --config "$work/with.ini"

card() { py - "$work/body" "$1" <<'END'
import re, sys
page = open(sys.argv[1]).read()
found = re.search(r'<section class="card[^"]*" id="%s".*?</section>' % sys.argv[2], page, re.S)
print(re.sub(r"<[^>]*>", " ", found.group(0)) if found else "no such card")
END
}
order() { grep -o '<section class="card[^"]*" id="[^"]*"' "$work/body" | sed 's/.*class="card *\([^"]*\)" id="\([^"]*\)"/\2:\1/' | tr '\n' ' '; }

# ---- a widget that fails takes nothing else with it ------------------------------------------------------------
while IFS='|' read -r what says; do
    get "/a/shop/?what=$what"
    check "a widget that says '$what': its card tells, the others are there" "$(answers 200
        card naughty | grep -qE -- "$says" || card naughty
        card sales | grep -q 'Today so far' || card sales)"
done <<'END'
not_yet|No data for this yet\. Import a report that brings it\. +The report that brings it: Listings report
fault|This widget could not be shown; the rest of the page is not affected\. cannot
slow|This widget took too long and was left out; the rest of the page is not affected\..*\.
odd_code|This widget could not be shown
no_why|This widget could not be shown
END
get '/a/shop/w/naughty?what=not_yet'
check "its own page says so, too" "$(answers 200 'The report that brings it: Listings report')"

# ---- forms in cards that are drawn once for many ------------------------------------------------------------------
souk_keys() { grep -o 'name="_key" value="[0-9a-f]*"' "$work/$1" | sort; }
do_it() { get /api/v1/a/shop/commands/"$1" -H 'Content-Type: application/json' -d "$2"; }
do_it notice.add '{"class": "policy", "subject": "Batteries", "severity": "watch"}'
for i in 1 2 3 4 5 6; do get /a/shop/; cp "$work/body" "$work/page.$i"; done
check "every form has a key of its own each time, and all else is the same" "$(
    [ "$(souk_keys page.5 | wc -l)" -gt 0 ] || echo "no form on the page"
    for i in 1 2 3 4 5 6; do souk_keys page.$i; done | sort | uniq -d
    sed 's/name="_key" value="[0-9a-f]*"//g' "$work/page.5" >"$work/one"
    sed 's/name="_key" value="[0-9a-f]*"//g' "$work/page.6" | cmp - "$work/one" 2>&1)"
get '/a/shop/?lang=en-XA'
check "another language is drawn anew" "$(card notices | grep -q '\[' || card notices)"
get '/a/shop/?market=US'
send /do/notice.done Acknowledge                           # the first: it is the newest
check "its form leads back to the page it stands on" "$(answers 303; header Location | grep -q '^/a/shop/?market=US&_said=' || header Location)"
get '/a/shop/?_only=notices'
check "and the card shows what became of it" "$(card notices | grep Batteries)"

# ---- arranged ----------------------------------------------------------------------------------------------------
get /a/shop/
before=$(order)
do_it layout.move '{"widget": "payments", "by": "first"}'
do_it layout.width '{"widget": "payments", "width": 3}'
get /a/shop/
check "a card that was moved to the front and widened stands there" "$(
    order | grep -q '^payments:wide3 ' || order
    [ "$(order | wc -w)" = "$(echo "$before" | wc -w)" ] || order)"
get /a/shop/layout
check "the page to arrange them has the same order, with buttons for each" "$(answers 200
    order | grep -q '^payments:wide3 ' || order
    for text in Left Right Narrower Hide; do card payments | grep -q "$text" || card payments; done
    card payments | grep 'Wider')"
send /do/layout.move right
check "a button leads back to it and says what was done" "$(answers 303; header Location | grep -q '^/a/shop/layout?_said=' || header Location)"
get "/a/shop/?period=41d"
made() { grep -c "shop: the view of $1 is made" "$work/serve.err"; }
check "a widget that is shown is asked" "$([ "$(made naughty)" -gt 0 ] || tail -n 5 "$work/serve.err")"
do_it layout.hide '{"widget": "naughty"}'
count=$(made naughty)
for i in 1 2 3; do get "/a/shop/?period=$i""d"; done
check "a hidden one is not: it is neither on the page nor asked" "$(
    order | grep naughty:
    same "views of it" "$(made naughty)" "$count")"
get /a/shop/layout
check "hidden cards are listed to be shown again" "$(answers 200 'Hidden cards')"
get /api/v1/a/shop/widgets
check "the API tells width and what is hidden" "$(
    same hidden "$(json '[w["id"] for w in j["widgets"] if w["hidden"]]')" "['naughty', 'listings']"
    same width "$(json '[w["width"] for w in j["widgets"] if w["id"] == "payments"]')" "[3]")"
get /a/shop/layout.json
cp "$work/body" "$work/layout.json"
check "the layout can be taken along" "$(answers 200 '^\{"layout":\[\{"widget":'; header Content-Disposition | grep -q layout-shop.json || header Content-Disposition)"
get '/a/shop/?_only=sales,payments'
check "only some of the cards, for who looks again" "$(same cards "$(order | tr ' ' '\n' | sed 's/:.*//' | sort | tr '\n' ' ')" "payments sales ")"

# ---- a plugin that is gone, and back ----------------------------------------------------------------------------------
do_it layout.show '{"widget": "naughty"}'
do_it layout.move '{"widget": "naughty", "by": "first"}'
stop
serve
get /a/shop/
check "without its plugin the page goes on" "$(answers 200; order | grep naughty: ; card sales | grep -q 'Today so far' || card sales)"
get /a/shop/layout
check "its place is kept, and said to be" "$(answers 200 'Kept places.*naughty')"
do_it layout.hide '{"widget": "sales"}'
stop
serve --config "$work/with.ini"
get /a/shop/
check "it comes back to its place" "$(order | grep -q '^naughty:' || order; order | grep sales:)"
get /a/shop/layout
send /do/layout.import layout "layout=$(cat "$work/layout.json")"
check "a layout is brought in" "$(answers 303; get /a/shop/layout.json; cmp "$work/body" "$work/layout.json" 2>&1)"
get /a/shop/layout
send /do/layout.import layout 'layout=[1, 2]'
check "what is none is refused, with what was typed" "$(answers 422 '\[1, 2\]</textarea>'; answers 422 'aria-invalid="true"')"
do_it layout.reset '{}'
get /a/shop/
check "forgotten, the cards stand as their plugins would like it" "$(same order "$(order)" "$before")"
do_it layout.hide '{"widget": "naughty"}'
for widget in $(echo "$before" | tr ' ' '\n' | sed 's/:.*//'); do do_it layout.hide "{\"widget\": \"$widget\"}"; done
get /a/shop/
check "with all cards hidden the page says so" "$(answers 200 'All cards are hidden'; order | grep .)"
do_it layout.reset '{}'

# ---- views are kept by areas ---------------------------------------------------------------------------------------------
# Each thread of the server keeps views of its own; one connection stays with one thread.
cat >"$work/kept.py" <<'END'
import http.client, json, re, sys, time
address, log, stock = sys.argv[1].removeprefix("http://"), sys.argv[2], open(sys.argv[3], "rb").read()
one, other = http.client.HTTPConnection(address), http.client.HTTPConnection(address)
def ask(link, method, path, body=None, kind="application/json"):
    link.request(method, path, body, {"Content-Type": kind} if body else {})
    reply = link.getresponse()
    text = reply.read()
    assert reply.status in (200, 202), (path, reply.status, text[:300])
    return text
def made(path="/a/shop/"):
    """The widgets whose views are made for one page."""
    before = len(open(log).read())
    ask(one, "GET", path)
    return re.findall(r"shop: the view of ([a-z-]+) is made", open(log).read()[before:])
def idle():
    """Until no job waits or runs: the coach looks again whenever something has changed."""
    while any(j["state"] in ("waits", "runs") for j in json.loads(ask(other, "GET", "/api/v1/a/shop/jobs"))["jobs"]):
        time.sleep(.02)
def said(name, fault):
    print(f"{name}: {fault}" if fault else f"{name}: ok")
idle()
made()
said("again", made())
ask(other, "POST", "/api/v1/a/shop/commands/case.add", '{"subject": "Nothing to do with stock or sales"}')
said("cases", set(made()) & {"sales", "naughty"})
ask(other, "POST", "/api/v1/a/shop/imports?market=US&file=stock.txt", stock, "application/octet-stream")
idle()
after = made()
said("stock", "" if "naughty" in after and "notices" not in after else after)
pushed = []
for days in range(51, 81):                              # thirty chances for two cards to take each other's place
    made(f"/a/shop/?period={days}d")
    pushed += made(f"/a/shop/?period={days}d")
said("pushed out", pushed)
END
python3 "$work/kept.py" "$address" "$work/serve.err" "$files/stock.txt" >"$work/kept" 2>&1
kept() { grep -qx "$1: ok" "$work/kept" || cat "$work/kept"; }
check "nothing changed: nothing is made anew" "$(kept again)"
check "a change of cases leaves views of stock and sales as they are" "$(kept cases)"
check "a report of stock makes the view of stock anew, and that of notices not" "$(kept stock)"
check "the cards of one page do not push out each other" "$(kept 'pushed out')"
stop
done_testing

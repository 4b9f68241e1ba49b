# SPDX-License-Identifier: Apache-2.0
# The search box and help: what is found where, in which order, refusals, and that no link of any article is dead.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk demo --orders 3000 2>/dev/null
serve
get() { curl -s -o "$work/body" -w '%{http_code}' "$address$1"; }
find() {                                                # WORDS: leaves the groups in $work/body
    curl -s -G --data-urlencode "q=$1" -o "$work/body" "$address/a/demo/search.json"
}
found() { py - "$work/body" "$1" <<'END'
import json, sys
groups = json.load(open(sys.argv[1]))["groups"]
by = {g["kind"]: g["hits"] for g in groups}
exec(sys.argv[2])
END
}
order=$(souk query "SELECT order_id FROM v1_orders ORDER BY order_id LIMIT 1" | tail -n 1 | tr -d '\r')
sku=$(souk query "SELECT sku FROM v1_listings ORDER BY sku LIMIT 1" | tail -n 1 | tr -d '\r')

find "$order"
check "an order by its number, which leads to its page" "$(found "
hit = by['order'][0]
assert hit['title'] == '$order' and hit['ref'] == 'order:$order', hit
assert hit['href'].startswith('/a/demo/w/orders?') and 'order=$order' in hit['href'], hit")"
find "${order%-*}"
check "several by the beginning of it, at most five in a group" "$(found "assert 1 <= len(by['order']) <= 5, by")"
find "$sku"
check "a product by its SKU" "$(found "assert any(h['ref'] == 'sku:$sku' for h in by['listing']), by")"
find 'late'
check "rules of the account's marketplaces, with where they are quoted" "$(found "
assert any(h['title'].startswith('Amazon.de: late.limit') for h in by['policy']) or any('late' in h['title'] for h in by['policy']), by
assert all(h['href'].startswith('/a/demo/policies/') for h in by['policy'])
assert any('late' in h['title'].lower() for h in by['faq']), by")"
find 'SETTLEMENT'
check "reports and help, in any case of letters" "$(found "assert by.get('report') and by.get('help'), list(by)")"
find 'Orders'
check "widgets by their title" "$(found "assert any(h['title'] == 'Orders' for h in by['widget']), by")"
find 'Business Information'
check "settings by their title, and their article" "$(found "
hits = by['settings']
assert hits[0]['title'] == 'Business Information' and hits[0]['href'] == '/a/demo/settings/business', hits
assert any(h['href'] == '/a/demo/help/settings-business' for h in by['help']), by['help']")"
find 'registration number'
check "a single field of settings, at its place on the page" "$(found "
hit = by['settings'][0]
assert hit['title'] == 'Business Information: Registration number', hit
assert hit['href'] == '/a/demo/settings/business#page-0-registration', hit
import subprocess
page = subprocess.run(['curl', '-s', '$address' + hit['href']], capture_output=True, text=True).stdout
assert 'id=\"page-0-registration\"' in page, 'it is not there'
assert 'href=\"/a/demo/help/settings-business\"' in page, 'no help'")"
find 'calendar secret'
check "commands by what they do: every word must be there" "$(found "
assert any('calendar' in h['title'] for h in by['command']), by")"
find 'xyzzy plugh'
check "nothing is nothing" "$(found "assert groups == [], groups")"
find '"; DROP TABLE orders; -- % _ *'
check "signs are words like others" "$(found "assert groups == [], groups")"
check "the page marks the words, and says when nothing was found" "$(
    [ "$(get '/a/demo/search?q=late')" = 200 ] || echo "no page"; grep -qi '<mark>late</mark>' "$work/body" || echo "no mark"
    get '/a/demo/search?q=xyzzy' >/dev/null; grep -q 'Nothing was found' "$work/body" || echo "no sentence"
    get '/a/demo/search' >/dev/null; grep -q 'Type an order number' "$work/body" || echo "no hint" )"
check "hostile words are text" "$(get '/a/demo/search?q=%3Cscript%3Ealert(1)%3C/script%3E' >/dev/null
    grep -q '<script>alert' "$work/body" && echo "markup")"
long=$(printf 'a%.0s' $(seq 1 300))
check "too many words are refused in a sentence" "$([ "$(get "/a/demo/search?q=$long")" = 400 ] || echo "no 400"
    grep -q 'Search for fewer words' "$work/body" || echo "no sentence")"
check "a group's own page shows more of it" "$(get '/a/demo/search?q=policy&kind=policy' >/dev/null
    [ "$(grep -o '<li>' "$work/body" | wc -l)" -gt 5 ] || echo "no more")"
check "the API gives the same" "$(curl -s "$address/api/v1/a/demo/search?q=late" >"$work/api"; find late; cmp "$work/api" "$work/body")"

# ---- help -------------------------------------------------------------------------------------------------
check "every article, answer, widget's help and rule can be opened, and no link on them is dead" "$(py - "$address" <<'END'
import html.parser, sys, urllib.parse, urllib.request
base = sys.argv[1]
class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.depth = [], 0
    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self.depth = 1
        if tag == "a" and self.depth:
            self.found.append(dict(attrs).get("href", ""))
    def handle_endtag(self, tag):
        if tag == "main":
            self.depth = 0
def links(path):
    with urllib.request.urlopen(base + path) as reply:
        page = Links()
        page.feed(reply.read().decode())
        return [urllib.parse.urljoin(path, href) for href in page.found]
todo, seen = ["/a/demo/help/", "/a/demo/policies", "/a/demo/plugins"], {}
while todo:
    path = todo.pop()
    if path in seen or path.startswith("https:"):
        continue
    try:
        seen[path] = links(path)
    except Exception as fault:
        print(path, fault)
        seen[path] = []
    if path.startswith(("/a/demo/help/", "/a/demo/policies")):
        todo += [p.split("#")[0] for p in seen[path]]
articles = [p for p in seen if p.startswith("/a/demo/help/")]
assert len(articles) > 20 and any("/w/" in p for p in articles) and any("/faq/" in p for p in articles), articles
assert sum(p.startswith("/a/demo/policies/DE/") for p in seen) > 40
END
)"
check "help that is not there says where all of it is" "$([ "$(get /a/demo/help/nonsense)" = 404 ] || echo "no 404"
    grep -q 'all of it is at' "$work/body" || echo "no sentence")"
check "no name leads out of the folder" "$(for path in '/a/demo/help/..%2f..%2fplugins' '/a/demo/help/faq/..%2f..%2fREADME' '/a/demo/help/w/%2e%2e%2forders'; do
    [ "$(get "$path")" = 404 ] || echo "$path: no 404"; done)"
check "a rule shows its history, source and what is asked about it" "$(get /a/demo/policies/US/delivery.limit >/dev/null
    for word in '90 %' '97 %' 'Last reviewed' 'https://'; do grep -q "$word" "$work/body" || echo "not there: $word"; done)"
check "the plugins page says for each what became of it" "$(get /a/demo/plugins >/dev/null
    grep -q 'orders 0.2.0: loaded' "$work/body" || grep -o 'orders [^<]*' "$work/body" | head -3)"
done_testing

# SPDX-License-Identifier: Apache-2.0
# The page of orders: page after page every order once, filters that agree with the records, ages of pending
# orders that add up, the time left until an order counts as late, and the page of one order.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk demo --orders 3000 2>/dev/null
serve

cat >"$work/orders.py" <<'END'
import json, sys, urllib.parse, urllib.request
address = sys.argv[1]

def get(path):
    return json.load(urllib.request.urlopen(address + path))

def elements(e, kind):
    for one in e:
        if one["kind"] == kind:
            yield one
        yield from elements(one.get("elements", []), kind)

def rows(view):
    for t in elements(view["elements"], "table"):
        names = [c["name"] for c in t["table"]["columns"]]
        for r in t["table"]["rows"]:
            yield {n: c and c["value"] for n, c in zip(names, r)}

def page(query):
    return get("/api/v1/a/demo/widgets/orders?" + query)

def walk(query):
    """All rows, by the links to the next page."""
    seen, view, pages = [], page(query), 0
    while True:
        seen += list(rows(view))
        pages += 1
        next = [p["next"] for p in elements(view["elements"], "pager") if p.get("next")]
        assert pages < 1000, "no end"
        if not next:
            return seen, pages
        view = page(urllib.parse.urlsplit(next[0]).query)
END
walk() { (cd "$work" && py - "$address" <<END
from orders import *
$1
END
); }
count() { souk query "$1" | tail -n 1 | tr -d '\r'; }

all=$(count "SELECT count(*) FROM v1_orders WHERE market = 'ATVPDKIKX0DER' AND purchase_day >= 20729 AND purchase_day <= 20758")
check "page after page shows every order of the period once, newest first" "$(walk "
seen, pages = walk('market=US&period=30d')
ids = [r['order_id'] for r in seen]
assert len(ids) == len(set(ids)) == $all, (len(ids), len(set(ids)), $all)
assert pages > 1
times = [r['purchased'] for r in seen]
assert times == sorted(times, reverse=True)
")"
check "and the other way round, oldest first" "$(walk "
down, _ = walk('market=US&period=30d')
up, _ = walk('market=US&period=30d&sort=oldest')
assert [r['order_id'] for r in up] == [r['order_id'] for r in reversed(down)]
")"
check "the link back leads to the page before" "$(walk "
first = page('market=US&period=30d')
def to(view, way):
    return page(urllib.parse.urlsplit(next(elements(view['elements'], 'pager'))[way]).query)
second = to(first, 'next')
third = to(second, 'next')
again = to(third, 'before')
ids = lambda v: [r['order_id'] for r in rows(v)]
assert ids(again) == ids(second) != ids(first)
assert ids(to(again, 'before')) == ids(first)
assert ids(to(again, 'next')) == ids(third)
")"
while read -r option where; do
    check "filter $option" "$(walk "
seen, _ = walk('market=US&period=30d&$option')
assert len(seen) == $(count "SELECT count(*) FROM v1_orders WHERE market = 'ATVPDKIKX0DER' AND purchase_day >= 20729 AND purchase_day <= 20758 AND $where"), len(seen)
")"
done <<'END'
state=cancelled state = 'cancelled'
state=unshipped&fulfilment=seller state = 'unshipped' AND fulfilment = 'seller'
fulfilment=marketplace fulfilment = 'marketplace'
buyers=business is_business = 1
buyers=consumer is_business = 0
find=112-5 order_id LIKE '112-5%'
END
check "an unshipped order says what is left until it counts as late, and a late one that it is" "$(walk "
from datetime import datetime
now = datetime.fromisoformat('2026-11-01T12:00:00+00:00')
seen, _ = walk('market=US&period=90d&state=unshipped&fulfilment=seller')
left = [r for r in seen if r['left'] is not None]
late = [r for r in seen if r['state'] == 'state_late']
assert left and late and len(left) + len(late) == len(seen)
for r in left:
    assert (datetime.fromisoformat(r['late_at'].replace('Z', '+00:00')) - now).total_seconds() == r['left'] > 0
for r in late:
    assert datetime.fromisoformat(r['late_at'].replace('Z', '+00:00')) <= now and r['left'] is None
stat = [s for s in elements(page('market=US')['elements'], 'stat') if s['label'] == 'Late'][0]
assert stat['value']['value'] == len(late), (stat, len(late))
")"
check "pending orders by age add up to the pending orders" "$(walk "
view = page('market=US')
facts = [f['value']['value'] for f in elements(view['elements'], 'fact')]
stats = {s['label']: s['value']['value'] for s in elements(view['elements'], 'stat')}
assert len(facts) == 3 and sum(facts) == stats['To be fulfilled by the seller'] + stats['To be fulfilled by Amazon'] > 0, (facts, stats)
now = 1793534400
assert facts[0] == $(count "SELECT count(*) FROM v1_orders WHERE market = 'ATVPDKIKX0DER' AND state = 'pending' AND purchased > 1793534400 - 43200")
assert facts[1] == $(count "SELECT count(*) FROM v1_orders WHERE market = 'ATVPDKIKX0DER' AND state = 'pending' AND purchased > 1793534400 - 86400 AND purchased <= 1793534400 - 43200")
")"
order=$(count "SELECT order_id FROM v1_ledger WHERE order_id LIKE '1__-%' ORDER BY entry LIMIT 1")
check "the page of one order shows its lines and what was settled" "$(walk "
view = page('order=$order')
titles = [t['title'] for t in elements(view['elements'], 'table')]
assert 'What was bought' in titles and 'What was settled' in titles, titles
settled = [t for t in elements(view['elements'], 'table') if t['title'] == 'What was settled'][0]
assert len(settled['table']['rows']) == $(count "SELECT count(*) FROM v1_ledger WHERE order_id = '$order'")
assert any(f['label'] == 'Status' for f in elements(view['elements'], 'fact'))
")"
check "an order that nothing names says so" "$(walk "
view = page('order=000-0000000-0000000')
assert not list(elements(view['elements'], 'table'))
assert any('No imported report names this order' in t['text'] for t in elements(view['elements'], 'text')), view
")"
done_testing

# SPDX-License-Identifier: Apache-2.0
# The page of listings: page after page every listing once, in each order; filters that agree with the records; what
# all that is listed is changed by; the page of one SKU with what can be changed and what waits.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk demo --orders 300 2>/dev/null
souk query "SELECT l.sku, l.status, l.fulfilment, l.price, coalesce(l.quantity, t.fulfillable, 0) AS stock FROM v1_listings l
    LEFT JOIN v1_stock t ON t.market = l.market AND t.sku = l.sku WHERE l.market = 'A1PA6795UKMFR9'" >"$work/listings.csv"
own=$(value "SELECT sku FROM v1_listings WHERE market = 'A1PA6795UKMFR9' AND status = 'Active' AND fulfilment = 'seller' ORDER BY sku LIMIT 1")
fba=$(value "SELECT sku FROM v1_listings WHERE market = 'A1PA6795UKMFR9' AND status = 'Active' AND fulfilment = 'marketplace' ORDER BY sku LIMIT 1")
souk do product.set "sku=$own" 'floor=12 EUR' >/dev/null 2>&1
serve

cat >"$work/listings.py" <<'END'
import csv, json, sys, urllib.parse, urllib.request
address, file = sys.argv[1:]
kept = list(csv.DictReader(open(file)))
def get(path):
    return json.load(urllib.request.urlopen(address + path))
def elements(e, kind):
    for one in e:
        if one["kind"] == kind:
            yield one
        yield from elements(one.get("elements", []), kind)
def walk(**options):
    path = "/api/v1/a/demo/widgets/listings?market=DE&" + urllib.parse.urlencode(options)
    skus, pages, before = [], 0, None
    while path:
        e = get(path)["elements"]
        table = list(elements(e, "table"))
        if table:
            names = [c["name"] for c in table[0]["table"]["columns"]]
            skus += [row[names.index("listing")]["value"].split(":", 1)[1] for row in table[0]["table"]["rows"]]
        pager = list(elements(e, "pager"))
        pages += 1
        path = pager[0].get("next") if pager else None
        before = pager[0].get("before") if pager else None
        path = path and path.replace("/a/demo/w/", "/api/v1/a/demo/widgets/")
        assert pages < 50, path
    return skus, pages, before
def rank(row, by):
    return {"sku": 0, "price": float(row["price"] or 0), "stock": int(row["stock"])}[by]
for sort, by, falls in (("sku", "sku", False), ("price_low", "price", False), ("price_high", "price", True),
                        ("stock_low", "stock", False), ("stock_high", "stock", True)):
    skus, pages, before = walk(sort=sort)
    wanted = [r["sku"] for r in sorted(kept, key=lambda r: (rank(r, by), r["sku"]), reverse=falls)]
    assert skus == wanted, (sort, len(skus), len(wanted), [p for p in zip(skus, wanted) if p[0] != p[1]][:3])
    assert pages == (len(kept) + 49) // 50 and before, (sort, pages, before)
is_stocked = lambda r: int(r["stock"]) > 0
for options, holds in (
        ({"status": "active"}, lambda r: r["status"] == "Active"), ({"status": "inactive"}, lambda r: r["status"] != "Active"),
        ({"status": "stock"}, lambda r: r["status"] != "Active" and is_stocked(r)),
        ({"fulfilment": "seller"}, lambda r: r["fulfilment"] == "seller"),
        ({"fulfilment": "marketplace", "status": "active"}, lambda r: r["fulfilment"] == "marketplace" and r["status"] == "Active"),
        ({"find": "BOWL"}, lambda r: r["sku"].startswith("BOWL"))):
    skus = walk(**options)[0]
    assert skus == sorted(r["sku"] for r in kept if holds(r)), (options, len(skus))
END
check "page after page, every listing once, in each order; filters agree with the records" "$(py "$work/listings.py" "$address" "$work/listings.csv")"

get "/a/demo/w/listings?market=DE&status=active&fulfilment=seller"
listed=$(grep -c ',Active,seller,' "$work/listings.csv")
check "how many are meant is said before" "$(answers 200 "Change all $listed listings of this list on Amazon.de")"
check "what lists them leads to each" "$(answers 200 "href=\"/a/demo/w/listings[?]listing=$own")"
send do/listings.price 'Change by percent' percent=-51
check "prices that more than halve want a second word" "$(answers 422 'say that you are sure')"
send do/listings.price 'Change by percent' percent=3
check "all prices of the list are queued" "$(answers 303; same queued "$(value "SELECT count(*) FROM v1_outgoing WHERE state = 'queued' AND kind = 'price'")" "$listed")"
get "/a/demo/w/listings?market=DE&listing=$own"
check "one listing: what it is and what waits" "$(answers 200 'Lowest price'; answers 200 'Waiting'; answers 200 "href=\"/a/demo/w/sales[?]sku=$own")"
send do/listing.price 'Highest price allowed' price=11.99
check "the floor holds, and what was typed stays" "$(answers 422 'beneath the floor'; answers 422 'value="11.99"')"
get "/a/demo/w/listings?market=DE&listing=$own"
send do/outgoing.cancel 'Take back'
check "taken back by a button" "$(answers 303; same open "$(value "SELECT count(*) FROM v1_outgoing WHERE sku = '$own' AND is_open = 1")" 0)"
get "/a/demo/w/listings?market=DE&listing=$own"
send do/listing.status 'Take off sale' _sure=yes
check "taken off sale" "$(answers 303; same status "$(value "SELECT kind, status, state FROM v1_outgoing WHERE sku = '$own' AND is_open = 1")" status,inactive,queued)"
get "/a/demo/w/listings?market=DE&listing=$own"
check "its history stands beneath" "$(answers 200 'All its changes'; answers 200 'Taken back')"
get "/a/demo/w/listings?market=DE&listing=$fba"
check "what the marketplace fulfils gets a price and no quantity" "$(answers 200 'it stays on sale'; grep -q 'do/listing.quantity' "$work/body" && echo 'it has a form for a quantity')"
get "/a/demo/w/listings?market=DE&listing=nothing"
check "a listing that is not there" "$(answers 200 'There is no listing of nothing')"
get "/a/demo/w/listings?market=DE"
send do/listings.pause 'Go on vacation' _sure=yes
check "away: what the seller fulfils has nothing to sell, the rest stays" "$(answers 303; same away "$(value "SELECT kind, quantity, count(*) FROM v1_outgoing WHERE reason = 'vacation' AND is_open = 1 GROUP BY kind, quantity")" "quantity,0,$listed")"
get "/a/demo/w/listings?market=DE"
send do/listings.resume 'Come back'
check "and back" "$(answers 303; same away "$(value "SELECT count(*) FROM v1_outgoing WHERE reason = 'vacation' AND is_open = 1")" 0)"
get "/a/demo/"
check "it stands in the menu, and its card waits to be shown" "$(answers 200 'href="/a/demo/w/listings"'; grep -q 'id="listings"' "$work/body" && echo 'its card is shown')"
get /api/v1/a/demo/commands/layout.show -d widget=listings
get "/a/demo/"
check "shown, the card counts" "$(answers 200 'id="listings"'; answers 200 'Off sale with stock')"
done_testing

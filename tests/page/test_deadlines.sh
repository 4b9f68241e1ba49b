# SPDX-License-Identifier: Apache-2.0
# Deadlines over all areas: what is on the list and why, its page and API, souk deadlines, and the calendar behind
# its secret address, read by a strict little parser.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-25T20:00:00Z

souk account create shop 2>/dev/null
# Placed on Wednesday before Thanksgiving (a holiday of US.ini): two business days later is Monday, 30 November.
py - "$work/orders.txt" tests/import/files/orders.txt >"$work/made" <<'END'
import sys
head = open(sys.argv[2], encoding="utf-8").readline().rstrip("\n").split("\t")
rows = []
def row(**given):
    rows.append("\t".join(given.get(h.replace("-", "_"), "") for h in head))
for id, when, status, channel in (
        ("111-0000001-0000001", "2026-11-25T18:00:00+00:00", "Unshipped", "Merchant"),
        ("111-0000002-0000001", "2026-11-25T19:00:00+00:00", "Unshipped", "Merchant"),
        ("111-0000003-0000001", "2026-11-18T19:00:00+00:00", "Unshipped", "Merchant"),
        ("111-0000004-0000001", "2026-11-17T19:00:00+00:00", "Unshipped", "Merchant"),
        ("111-0000005-0000001", "2026-11-25T19:00:00+00:00", "Unshipped", "Amazon"),
        ("111-0000006-0000001", "2026-11-25T19:00:00+00:00", "Shipped", "Merchant")):
    row(amazon_order_id=id, purchase_date=when, last_updated_date=when, order_status=status, fulfillment_channel=channel,
        sales_channel="Amazon.com", product_name="Mug", sku="MUG", asin="B000000001", item_status=status, quantity="1",
        currency="USD", item_price="10.00", ship_country="US")
open(sys.argv[1], "w", encoding="utf-8").write("\t".join(head) + "\n" + "\n".join(rows) + "\n")
END
souk import "$work/orders.txt" >/dev/null 2>"$work/import.err"
check "the orders of this test were imported" "$(cat "$work/made"; souk imports --json | py -c '
import json, sys
done = json.load(sys.stdin)["imports"][0]
assert (done["accepted"], done["rejected"]) == (6, 0), done')"
souk do claim.add kind=a_to_z order=111-0000006-0000001 >/dev/null 2>&1
souk do case.add subject='Lost; shipment, with "signs"' body=Hello >/dev/null 2>&1
souk do notice.add class=policy subject='New rule on batteries' deadline='2026-12-20 12:00' >"$work/notice" 2>&1

souk deadlines --json >"$work/list.json"
check "claims, notices and orders are on the list, with the rule that each comes from" "$(py - "$work/list.json" <<'END'
import json, sys
found = {}
for d in json.load(open(sys.argv[1]))["deadlines"]:
    found.setdefault(d["kind"], []).append(d)
claim, = found["claim"]
assert claim["due"] == "2026-11-28T20:00:00Z" and claim["rule"] == "claim.answer" and claim["rule_value"] == "3d", claim
notice, = found["notice"]
assert notice["subject"] == "New rule on batteries" and notice["rule"] == "", notice
late, due = found["ship"]
assert late["count"] == 2 and late["due"] == "2026-11-20T08:00:00Z", late      # 17 Nov + 2 business days, to the end of the 19th
assert due["count"] == 2 and due["due"] == "2026-12-01T08:00:00Z", due         # Thursday is a holiday: Friday, Monday
assert late["rule"] == "ship.handling_days" and late["ref"] == ""
assert "case" not in found                                                       # nothing says when it closes
END
)"
check "a change of the policy file changes the list" "$(
    cp -r policies "$work/policies"
    sed 's,^\[host\],&\npolicies = '"$work/policies"',' plugins.ini | sed "s,^file = ,file = $build/plugins/,; s,plugins//,/," >"$work/plugins.ini"
    sed -i '/^\[claim.answer\]/,/^about/ s/^value = .*/value = 5d/' "$work/policies/US.ini"
    souk --config "$work/plugins.ini" deadlines --json | py -c '
import json, sys
claim, = [d for d in json.load(sys.stdin)["deadlines"] if d["kind"] == "claim"]
assert claim["rule_value"] == "5d", claim' )"
run souk deadlines
check "souk deadlines says them in words" "$(said 0 '' 'Confirm 2 orders as shipped'; grep -q 'Answer the claim on order 111-0000006-0000001' "$work/out" || cat "$work/out")"

serve
get() { curl -s -o "$work/body" -w '%{http_code}' "$@"; }
check "the page groups them, and leads to where each is dealt with" "$(
    [ "$(get "$address/a/shop/deadlines")" = 200 ] || echo "no page"
    for word in '>Over<' '>Within a week<' '>Later<' '2 orders are late' 'New rule on batteries' 'Rule: claim.answer = 3d'; do
        grep -q "$word" "$work/body" || echo "not there: $word"
    done
    grep -o 'href="/a/shop/w/orders?[^"]*"' "$work/body" | grep -q 'state=unshipped' || echo "no link to the orders" )"
check "one kind alone" "$(get "$address/a/shop/deadlines?kind=claim" >/dev/null
    grep -q 'Answer the claim' "$work/body" || echo "no claim"; grep -q 'orders are late' "$work/body" && echo "orders, too")"
check "an unknown kind is refused in a sentence" "$([ "$(get "$address/a/shop/deadlines?kind=x")" = 400 ] || echo "no 400"
    grep -q 'is no kind of deadline' "$work/body" || echo "no sentence")"
check "the API gives the same" "$(get "$address/api/v1/a/shop/deadlines" >/dev/null; py -c '
import json, sys
page, cli = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
key = lambda d: (d["kind"], d["due"], d["ref"], d["count"], d["rule_value"])
assert list(map(key, page["deadlines"])) == list(map(key, cli["deadlines"]))' "$work/body" "$work/list.json")"
check "the ribbon counts what is over or due today" "$(get "$address/a/shop/" >/dev/null
    grep -o 'Deadlines.\{0,200\}' "$work/body" | grep -q '1 over' || grep -o 'Deadlines.\{0,200\}' "$work/body")"

curl -s -X POST -H 'Content-Type: application/json' -d '{}' "$address/api/v1/a/shop/commands/calendar.link" >"$work/link.json"
secret=$(py -c 'import json, sys; print(json.load(open(sys.argv[1]))["secret"])' "$work/link.json")
cat >"$work/ics.py" <<'END'
import re, sys
text = open(sys.argv[1], "rb").read()
assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
assert all(len(line) <= 75 for line in text.split(b"\r\n"))
lines = text.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]
stack, events, event = [], [], None
for line in lines:
    name, value = line.split(":", 1)
    assert re.fullmatch(r"[A-Z-]+(;[A-Z]+=[A-Z]+)*", name), line
    if name == "BEGIN":
        stack.append(value)
        if value == "VEVENT":
            event = {}
            events.append(event)
    elif name == "END":
        assert stack.pop() == value
    elif stack[-1] == "VEVENT":
        assert name not in event, line
        event[name] = value
    if name in ("SUMMARY", "DESCRIPTION"):
        assert not re.search(r"(?<!\\)[;,]", value), line
assert not stack and lines[0] == "BEGIN:VCALENDAR" and "VERSION:2.0" in lines
for e in events:
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(e), e
    assert re.fullmatch(r"\d{8}T\d{6}Z", e["DTSTART"])
assert len({e["UID"] for e in events}) == len(events)
END
check "the calendar is at the secret address, well formed, and names no letter" "$(
    [ "$(curl -s -o "$work/body" -D "$work/head" -w '%{http_code}' "$address$secret")" = 200 ] || echo "no calendar at $secret"
    grep -qi '^content-type: text/calendar; charset=utf-8' "$work/head" || cat "$work/head"
    py - "$work/body" <<END
import sys
sys.path.insert(0, "$work")
exec(open("$work/ics.py").read())
assert sorted(e["DTSTART"] for e in events) == ["20261128T200000Z", "20261201T080000Z", "20261220T120000Z"], events
assert not any("batteries" in str(e) for e in events)
END
    cp "$work/body" "$work/first" )"
check "the same events keep their names" "$(get "$address$secret" >/dev/null; same "UIDs" "$(grep ^UID "$work/first")" "$(grep ^UID "$work/body")")"
check "other addresses are nothing" "$(
    for path in /calendar/00000000000000000000000000000000.ics /calendar/x.ics /calendar/.ics; do
        [ "$(get "$address$path")" = 404 ] || echo "$path: no 404"
    done )"
check "a new address ends the old one" "$(
    curl -s -X POST -H 'Content-Type: application/json' -d '{}' "$address/api/v1/a/shop/commands/calendar.link" >/dev/null
    [ "$(get "$address$secret")" = 404 ] || echo "the old one still works" )"
done_testing

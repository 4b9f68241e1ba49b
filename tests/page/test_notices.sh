# SPDX-License-Identifier: Apache-2.0
# Performance Notifications: where they come from, what their words say, what acknowledging does, on the page, in
# the API and in the ribbon.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-25T20:00:00Z

souk account create shop 2>/dev/null
widget() {                                              # OPTION...: leaves the widget's JSON in $work/view.json
    souk show notices --json "$@" >"$work/view.json" 2>"$work/view.err"
}
items() { py - "$work/view.json" "$1" <<'END'
import json, sys
def items(e):
    for one in e:
        if one["kind"] == "item":
            yield one
        yield from items(one.get("elements", []))
found = list(items(json.load(open(sys.argv[1]))["elements"]))
titles = [i["title"] for i in found]
exec(sys.argv[2])
END
}

printf 'not a report\nat all\n' >"$work/nonsense.txt"
run souk import "$work/nonsense.txt"
widget
check "a file that cannot be imported is a notice, with the sentence that says why" "$(said 65 '*'; items '
assert len(found) == 1 and titles[0].startswith("nonsense.txt could not be imported: ") and titles[0].endswith("."), titles
assert found[0]["tone"] == "bad", found')"
run souk import "$work/nonsense.txt"
widget
check "the same failure again is no second one" "$(items 'assert len(found) == 1, titles')"
head -n 1 tests/import/files/orders.txt >"$work/nonsense.txt"
sed -n 2p tests/import/files/orders.txt >>"$work/nonsense.txt"
souk import "$work/nonsense.txt" >/dev/null 2>&1
widget
check "it is done by itself once a file of that name is imported" "$(items 'assert found == [], titles')"
widget --set state=done
check "and stays among the acknowledged" "$(items 'assert len(found) == 1, titles')"

souk do notice.add class=policy subject='Batteries need a new label' severity=watch deadline='2026-12-01 09:00' market=DE >/dev/null 2>&1
souk do notice.add class=infringement subject='Trademark warning' severity=bad amount='120.50 EUR' >/dev/null 2>&1
widget
check "what was typed stands there with deadline, class and money at stake" "$(items '
assert len(found) == 2, titles
by = {i["title"]: i for i in found}
policy, warning = by["Batteries need a new label"], by["Trademark warning"]
assert policy["due"]["value"] == "2026-12-01T08:00:00Z", policy          # nine in the morning in Berlin
assert policy["badge"] == "Policy update" and policy["tone"] == "watch", policy
assert warning["value"]["text"] == "€120.50", warning
assert warning["badge"] == "Infringement warning" and warning["tone"] == "bad", warning')"
for filter in class=policy severity=watch; do
    widget --set "$filter"
    check "filter $filter" "$(items 'assert titles == ["Batteries need a new label"], titles')"
done
widget -m DE
check "a marketplace shows its own and those that name none" "$(items 'assert len(found) == 2, titles')"
badge() { curl -s "$address/a/shop/" | grep -o 'Notifications.\{0,160\}' | head -n 1; }
serve
check "the ribbon counts them, and says what of it is urgent" "$(badge | grep -q '2.*1 urgent' || badge)"
number=$(souk query "SELECT notice FROM v1_notices WHERE subject = 'Trademark warning'" | tail -n 1 | tr -d '\r')
do_command() { curl -s -o "$work/body" -w '%{http_code}' -X POST -H 'Content-Type: application/json' -d "$2" "$address/api/v1/a/shop/commands/$1"; }
check "read: it stays, no longer unread" "$([ "$(do_command notice.read "{\"notice\": $number}")" = 200 ] || cat "$work/body"
    souk query "SELECT count(*) FROM v1_notices WHERE read IS NULL AND done IS NULL" | tail -n 1 | grep -q '^1' || echo "still unread")"
check "acknowledged: off the list and the ribbon" "$([ "$(do_command notice.done "{\"notice\": $number}")" = 200 ] || cat "$work/body"
    badge | grep -q urgent && badge
    curl -s "$address/a/shop/w/notices" | grep -q 'Trademark warning' && echo "still listed")"
check "taken back: there again" "$([ "$(do_command notice.undo "{\"notice\": $number}")" = 200 ] || cat "$work/body"
    curl -s "$address/a/shop/w/notices" | grep -q 'Trademark warning' || echo "not listed")"
check "all at once" "$([ "$(do_command notice.done_all '{}')" = 200 ] || cat "$work/body"
    curl -s "$address/a/shop/w/notices" | grep -q 'No notification fits' || echo "something is left")"
check "one of them has a page of its own" "$(curl -s "$address/a/shop/w/notices?notice=$number" >"$work/body"
    grep -q 'Trademark warning' "$work/body" || echo "no title"; grep -q 'Typed in' "$work/body" || echo "no source")"
check "one that is not there says so" "$(curl -s "$address/a/shop/w/notices?notice=4711" | grep -q 'There is no such notification' || echo "no sentence")"
done_testing

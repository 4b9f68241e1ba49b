# SPDX-License-Identifier: Apache-2.0
# The morning letter: ten lines at most, figures that agree with the records, nothing said that is not so.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk account create empty 2>/dev/null
run souk today
check "an account without data says so, and nothing more" "$(said 0 '' 'No order was imported yet'
    [ "$(wc -l <"$work/out")" -le 2 ] || cat "$work/out")"
souk demo --orders 3000 2>/dev/null
run souk today -a demo
check "ten lines at most" "$(said 0 '' 'demo: data up to'; [ "$(wc -l <"$work/out")" -le 10 ] || cat "$work/out")"
cp "$work/out" "$work/letter"
# In Berlin it is the first of November: yesterday is day 20757.
sold=$(souk query "SELECT sum(units) FROM v1_sales_daily WHERE market = 'A1PA6795UKMFR9' AND day = 20757 AND state <> 'cancelled'" -a demo | tail -n 1 | tr -d '\r')
check "yesterday's units of Amazon.de are those of the records" "$(grep -q "Amazon.de, 31 Oct 2026: .*, $sold units" "$work/letter" || cat "$work/letter")"
late=$(souk show orders -a demo --json | py -c '
import json, sys
def stats(e):
    for one in e:
        if one["kind"] == "stat":
            yield one
        yield from stats(one.get("elements", []))
print(sum(s["value"]["value"] for s in stats(json.load(sys.stdin)["elements"]) if s["label"] == "Late"))')
check "what is over is what the orders card calls late" "$(grep -q "^Over: .*$late orders to ship" "$work/letter" || { echo "late: $late"; cat "$work/letter"; })"
check "as JSON, the same lines" "$(souk today -a demo --json | py -c '
import json, sys
assert json.load(sys.stdin)["lines"] == open(sys.argv[1], encoding="utf-8").read().splitlines()' "$work/letter")"
run souk today now
check "it takes no words" "$(said 2 "takes no 'now'")"
done_testing

# SPDX-License-Identifier: Apache-2.0
# Every widget of one small account, which never changes, as JSON: tests/golden/<widget>.json.  UPDATE=1 writes them
# anew, after which git diff shows what changed.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-23T10:00:00Z
golden=tests/golden

# ---- the account: files of the import tests, orders of the last weeks, and what a seller types ---------
take() {                                                # FILE: of the shop, as of a fixed time
    touch -d 2026-11-22T06:00:00Z "$1"
    souk import -a shop --market DE "$1" >/dev/null 2>&1
}
fill() {
    mkdir -p "$work/files"
    souk account create shop 2>/dev/null
    for file in orders.txt listings-de.txt stock.txt settlement-v2.txt payments-us.csv feedback-de.txt health.json returns.txt \
        promotions.json coupons.json traffic.json notifications.json mail.mbox; do
        cp "tests/import/files/$file" "$work/files/$file"
        take "$work/files/$file"
    done
    # Forty orders of Amazon.de from 2026-10-15 on, two each two days: each tenth late, each fifth fulfilled by Amazon.
    python3 - >"$work/orders.txt" <<'END'
import datetime as d
print("amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tship-service-level"
      "\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\tship-country")
for i in range(40):
    at = d.datetime(2026, 10, 15, 8 + i % 9, 30) + d.timedelta(days=i - i % 2)
    state = "Cancelled" if i % 13 == 12 else "Unshipped" if i > 37 else "Shipped"
    updated = at + d.timedelta(days=6 if i % 10 == 9 else 1)
    print("\t".join(["303-0000000-%07d" % i, at.isoformat() + "+00:00", min(updated, d.datetime(2026, 11, 23, 9)).isoformat()
          + "+00:00", state, "Amazon" if i % 5 == 4 else "Merchant", "Amazon.de", "Standard", "Becher", "MUG-%d" % (i % 3),
          "B00000000%d" % (i % 3), state, str(1 + i % 2), "EUR", "%d.90" % (12 + i % 7), "DE"]))
END
    souk import -a shop "$work/orders.txt" >/dev/null 2>&1
    printf '%s\n' 'Datum	Bewertung	Kommentar	Ihre Antwort	Transaktionsnummer	E-Mail des Bewertenden' \
        '20.11.26	1	Kam zerbrochen an		303-0000000-0000001	-' '12.11.26	2	Zu spät		303-0000000-0000009	-' \
        '05.11.26	3	Ging so	Danke	303-0000000-0000003	-' >"$work/feedback.txt"
    souk import -a shop --market DE "$work/feedback.txt" >/dev/null 2>&1
    python3 tests/page/golden_money.py "$work/files"
    for file in cycle-1.txt cycle-2.txt open.csv coupon.json visits.json; do take "$work/files/$file" || echo "# refused: $file"; done
    while read -r command; do
        eval "souk do -a shop $command" >/dev/null 2>&1 || echo "# refused: $command"
    done <<'END'
feedback.counts market=DE window=d30 positive=41 neutral=1 negative=2
feedback.counts market=DE window=d365 positive=90 neutral=5 negative=5 stars=4.8
feedback.counts market=DE window=lifetime positive=1001 neutral=15 negative=4
health.rating market=DE rating=210 'at=2026-11-01 09:00'
health.rating market=DE rating=190 'at=2026-11-20 09:00' status=AT_RISK
health.metric market=DE metric=tracking num=190 den=200 'at=2026-11-20 09:00'
health.metric market=DE metric=late num=4 den=100 'at=2026-11-20 09:00' 'from=2026-10-21 00:00' 'to=2026-11-19 23:59'
claim.add kind=a_to_z order=303-0000000-0000001 claim=7001 'amount=24.90 EUR' 'reason=Not as described' 'opened=2026-11-22 10:00'
claim.add kind=a_to_z order=303-0000000-0000005 claim=7002 'amount=13.90 EUR' 'reason=Not received' 'opened=2026-11-10 10:00'
claim.respond claim=7002 'body=Delivered on the 6th, see the scan.'
promotion.add kind=percent_off 'name=Nikolaus' market=DE 'starts=2026-12-01 00:00' 'ends=2026-12-06 23:59' percent=15
promotion.activate promotion=own-4
claim.add kind=chargeback order=303-0000000-0000007 claim=7003 market=DE 'amount=19.90' 'opened=2026-11-17 10:00'
END
}

# ---- each widget ---------------------------------------------------------------------------------------
# As people compare it: what fits stands on one line.
tidy() { py -c '
import json, sys
def steady(e):                                          # how long something took is of the machine
    if isinstance(e, dict) and "columns" in e and "rows" in e:
        for i, column in enumerate(e["columns"]):
            for row in e["rows"]:
                row[i] = None if column["name"] == "took_ms" else row[i]
    for one in e.values() if isinstance(e, dict) else e if isinstance(e, list) else ():
        steady(one)
    return e
def put(value, pad=""):
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(pad) + len(flat) <= 150:
        return flat
    open, close = "{}" if isinstance(value, dict) else "[]"
    inner = [json.dumps(name) + ": " + put(one, pad + " ") for name, one in value.items()] if isinstance(value, dict) else [put(one, pad + " ") for one in value]
    return open + "\n" + ",\n".join(pad + " " + one for one in inner) + "\n" + pad + close
print(put(steady(json.load(sys.stdin))))'; }

fill
widgets=$(souk show | sed 's/ .*//')
for widget in $widgets; do
    run souk show "$widget" -a shop --json --period 7d
    tidy <"$work/out" >"$work/$widget.json"
    [ -z "${UPDATE:-}" ] || [ "$code" -ne 0 ] || cp "$work/$widget.json" "$golden/$widget.json"
    check "$widget" "$(said 0 ''; diff -U2 "$golden/$widget.json" "$work/$widget.json" 2>&1 | head -n 60)"
done
check "no golden file is of a widget that is gone" "$(for file in "$golden"/*.json; do
    echo "$widgets" | grep -qx -e "$(basename "$file" .json)" || echo "$file"
done)"
# Another machine: its zone, its language, another folder.
export TZ=Asia/Tokyo LANG=de_DE.UTF-8
data=$work/again
fill
check "made again elsewhere, each says the same" "$(for widget in $widgets; do
    souk show "$widget" -a shop --json --period 7d | tidy | cmp - "$work/$widget.json"
done)"
done_testing

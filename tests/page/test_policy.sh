# SPDX-License-Identifier: Apache-2.0
# Policy files: souk policy list, show and check, and that a changed file changes what a served page says,
# without a restart.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-30T12:00:00Z

# ---- list and show ------------------------------------------------------------------------------------------
run souk policy list -m DE
check "policy list: one market, a line for each policy" "$(said 0 '' '^DE  late\.limit +4 % +since 2015-01-01$'
    cut -c 1-3 "$work/out" | sort -u | grep -qx 'DE ' || echo "other markets, too"
    [ "$(wc -l <"$work/out")" -ge 50 ] || wc -l "$work/out")"
run souk policy list late.limit
check "policy list KEY: all markets" "$(said 0 ''
    [ "$(wc -l <"$work/out")" -eq 21 ] || cat "$work/out")"
run souk policy list message -m uk
check "policy list GROUP" "$(said 0 ''; same keys "$(awk '{ print $2 }' "$work/out" | tr '\n' ' ')" \
    "message.answer message.windows_days message.weekends_count message.target ")"
run env SOUK_NOW=2024-09-24T12:00:00Z "$program" policy list delivery.limit -m US
check "policy list: as of that day" "$(said 0 '' '^US  delivery\.limit +97 % +since 2015-01-01$')"
run env SOUK_NOW=2024-09-25T12:00:00Z "$program" policy list delivery.limit -m US
check "policy list: and of the next" "$(said 0 '' '^US  delivery\.limit +90 % +since 2024-09-25$')"
run env SOUK_NOW=2024-09-25T06:59:00Z "$program" policy list delivery.limit -m US
check "policy list: the day of the market counts" "$(said 0 '' '^US  delivery\.limit +97 % ')"
run souk policy show claim.answer
check "policy show: markets that say the same stand together" "$(said 0 '' '^US$'
    grep -qx 'UK' "$work/out" || echo "no UK"
    grep -q '^DE FR .*BE' "$work/out" || echo "no group"
    grep -q '^    3d, from 2015-01-01 on$' "$work/out" || cat "$work/out")"
run souk policy show delivery.limit -m US
check "policy show: all dates with source and place" "$(said 0 '' '^    90 %, from 2024-09-25 on$'
    grep -q '97 %, from 2015-01-01 to 2024-09-24$' "$work/out" || echo "not the older one"
    grep -q 'policies/US\.ini:[0-9]*$' "$work/out" || echo "not where it stands"
    grep -q 'https://sellercentral.amazon.fr/' "$work/out" || echo "not its source")"
for what in 'list -m DE' 'show late.limit' check; do
    # shellcheck disable=SC2086
    run souk --json policy $what
    check "policy $what as JSON" "$(said 0 ''; py - "$work/out" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
lines = told.get("policies", told.get("findings"))
assert told.get("faults") == 0 or len(lines) >= 21, told
for line in lines:
    assert {"market", "policy", "value", "since", "until", "source", "checked", "about", "file", "line"} == set(line), line
END
)"
done
run souk policy list late.limt
check "policy list: no such key" "$(said 3 "No policy file says anything about 'late.limt'; did you mean late.limit\?" '')"
run souk policy show nonsense -m DE
check "policy show: no such key, and none is near" "$(said 3 "says anything about 'nonsense'\.$" '')"
run souk policy list -m Mars
check "policy list: no such market" "$(said 65 "There is no marketplace 'Mars'" '')"
while IFS='|' read -r words says; do
    # shellcheck disable=SC2086
    run souk $words
    check "wrong: souk $words" "$(said 2 "$says" '')"
done <<'END'
policy|policy list.*policy show KEY.*policy check
policy lst|policy list.*policy show KEY.*policy check
policy show|Which policy\?
policy show late.limit cancel.limit|One policy at a time
policy check . .|One folder at a time
policy check -m DE|leave --market out
policy list --period 7d|souk policy has no option --period
END

# ---- check --------------------------------------------------------------------------------------------------
run souk policy check
check "policy check: what comes with Souk is well" "$(said 0 ': 0 faults, 0 warnings$' '')"
cp -r policies "$work/policies"
run souk policy check "$work/policies"
check "policy check FOLDER" "$(said 0 ': 0 faults, 0 warnings$' '')"
sed -i '/^\[late.limit\]$/,/^about/ s/^value = .*/value = 4/; /^\[cancel.limit\]$/,/^about/ s/^checked = .*/checked = 2026-13-01/' "$work/policies/DE.ini"
sed -i '/^\[defect.limit\]$/,/^about/ s/^checked = .*/checked = 2020-01-01/' "$work/policies/FR.ini"
sed -i '/^\[late.limit\]$/,/^about/ s/^value = .*/value = 4/; /^\[tracking.binding\]$/,/^about/ d' "$work/policies/IT.ini"
rm "$work/policies/SG.ini"
run souk policy check "$work/policies"
check "policy check: a sentence for each fault, with its line" "$(said 78 ': 4 faults, 1 warning$'
    [ "$(wc -l <"$work/out")" -eq 5 ] || cat "$work/out"
    while IFS='|' read -r file key says; do
        line=$([ -z "$key" ] || grep -n "$key" "$work/policies/$file" | cut -d: -f1)
        grep -qE "^$work/policies/$file:${line:+$line:} $says" "$work/out" || { echo "not: $file:$line: $says"; cat "$work/out"; }
    done <<END
DE.ini|2026-13-01|fault: checked is '2026-13-01', which is no date
FR.ini|^\[defect.limit\]|warning: defect.limit was compared with its source more than a year ago, on 2020-01-01
IT.ini|^\[late.limit\]|fault: the value of late.limit is to be a share such as 2.5 %, of a likely size, not '4'\.
IT.ini||fault: there is no \[tracking.binding\]
SG.ini||fault: there is no policy file for Amazon.sg\.
END
)"
run souk --json policy check "$work/policies"
check "policy check as JSON, with faults" "$(said 78 '' '"faults":4,"warnings":1,')"
run souk policy check "$work/nosuch"
check "policy check: no such folder" "$(said 78 'The folder of policy files .* cannot be read' '')"
printf '[host]\npolicies = %s\n' "$work/policies" >"$work/host.ini"
run souk --config "$work/host.ini" policy list -m DE
check "policy list: a broken file, by name and line" "$(said 78 "DE\.ini:[0-9]+: checked is '2026-13-01'" '')"
run souk --config "$work/host.ini" policy list -m SG
check "policy list: a market without a file" "$(said 3 'There is no policy file for this market: .*SG\.ini' '')"

# ---- a changed file changes the verdict of a served page ---------------------------------------------------------
# Four orders of Amazon.de that wait to be shipped; it is Wednesday, 18 November 2026, 11:00 in Berlin.
export SOUK_NOW=2026-11-18T10:00:00Z
order() {                                               # NUMBER PURCHASED
    printf '%s\t\t%s\t%s\tUnshipped\tMerchant\tAmazon.de\t\tStd DE Dom\tMug\tmug\tB000000000\tUnshipped\t1\tEUR\t9.99' "$1" "$2" "$2"
    printf '\t%.0s' 1 2 3 4 5 6 7 8 9 10
    printf 'DE\t\tfalse\t\t\n'
}
{
    head -n 1 tests/page/hostile-orders.tsv
    order 303-0000001-0000001 2026-11-13T09:00:00+00:00     # Friday
    order 303-0000002-0000002 2026-11-16T08:00:00+00:00     # Monday, 09:00 in Berlin
    order 303-0000003-0000003 2026-11-16T14:00:00+00:00     # Monday, 15:00
    order 303-0000004-0000004 2026-11-17T09:00:00+00:00     # Tuesday
} >"$work/orders.txt"
sed "s|^\[host\]|&\npolicies = $work/policies|" plugins.ini >"$work/plugins.ini"
cp policies/*.ini "$work/policies"
souk account create shop 2>"$work/err"
run souk import -a shop "$work/orders.txt"
check "four orders wait" "$(said 0 '*'; same orders "$(value -a shop "SELECT count(*) FROM v1_orders WHERE state = 'unshipped'")" 4)"
serve --config "$work/plugins.ini"

set_policy() {                                          # KEY VALUE: of Amazon.de
    sed "/^\[ship.$1\]$/,/^about/ s/^value = .*/value = $2/" "$work/policies/DE.ini" >"$work/DE.ini"
    mv "$work/DE.ini" "$work/policies/DE.ini"
}
verdict() {                                             # late and due, as the API, its rows and the page say
    curl -s "$address/api/v1/a/shop/widgets/orders" >"$work/orders.json"
    curl -s "$address/a/shop/w/orders" >"$work/orders.html"
    py - "$work/orders.json" "$work/orders.html" "$address" <<'END'
import csv, io, json, re, sys, urllib.request
def stats(elements):
    for e in elements:
        if e["kind"] == "stat":
            yield e
        yield from stats(e.get("elements", []))
said = json.load(open(sys.argv[1]))
found = {e["label"]: e for e in stats(said["elements"])}
if "Late" not in found:
    sys.exit("no verdict: " + json.dumps(said))
page = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", open(sys.argv[2]).read()))
told = []
for label in "Late", "Due today or tomorrow":
    e = found[label]
    rows = urllib.request.urlopen(sys.argv[3] + e["why"]["rows"].replace("/unshipped?", "/unshipped.csv?")).read().decode()
    ids = [row["order_id"][2:3] + row["order_id"][10:11] for row in csv.DictReader(io.StringIO(rows))]
    assert len(ids) == e["value"]["value"], (label, e["value"], rows)
    assert re.search(r"%s\W+%d\b" % (label, len(ids)), page), (label, page)
    told.append("%s %s" % (label.split()[0].lower(), ",".join(i[1:] for i in ids) or "none"))
print("; ".join(told))
END
}
check "two days, as it comes" "$(same verdict "$(verdict)" "late 1; due 2,3,4"
    grep -q '<dt>Late' "$work/orders.html" || echo "the page has no verdict")"
set_policy handling_days 1
check "one day: Monday's orders are late, without a restart" "$(same verdict "$(verdict)" "late 1,2,3; due 4")"
set_policy cutoff 12:00
check "a cutoff at noon parts Monday's orders" "$(same verdict "$(verdict)" "late 1,2; due 3,4")"
set_policy cutoff 24:00
set_policy handling_days 2
set_policy holidays 2026-11-17
check "Tuesday a holiday: none is late" "$(same verdict "$(verdict)" "late none; due 1,2,3,4")"
set_policy holidays none
set_policy weekend '1 2'
check "closed on Monday and Tuesday, open on Sunday" "$(same verdict "$(verdict)" "late 1; due 2,3,4")"
set_policy handling_days 0
set_policy weekend '6 7'
check "shipped on the same day" "$(same verdict "$(verdict)" "late 1,2,3,4; due none")"
set_policy handling_days soon
check "a broken value is named with file and line" "$(curl -s "$address/a/shop/w/orders" >"$work/page"
    grep -q 'DE\.ini:[0-9]*: the value of ship\.handling_days is to be a number of days up to 365' "$work/page" || sed 's/<[^>]*>//g' "$work/page")"
rm "$work/policies/DE.ini"
check "without a file there is no verdict, but the orders" "$(curl -s "$address/a/shop/w/orders" >"$work/page"
    grep -q 'There is no policy file for ' "$work/page" || echo "it does not say so"
    grep -q '<dt>Late' "$work/page" && echo "a verdict"
    grep -q '<dt>Unshipped ' "$work/page" || echo "no orders")"
cp policies/DE.ini "$work/policies"
check "with the file the verdict is back" "$(same verdict "$(verdict)" "late 1; due 2,3,4")"
stop
check "the server ends well" "$([ "$code" -eq 0 ] || echo "exit code $code")"
done_testing

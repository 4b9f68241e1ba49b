#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Tax: numbers that are refused and why, what ends soon, who collects; and the months of the ledger, which together are the
# ledger, for shops of several seeds.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T12:00:00Z SOUK_ACCOUNT=demo
. tests/page/web.sh
souk account create demo 2>/dev/null
serve
save() { send settings.tax.save '' "$@"; }
form() { get /a/demo/settings/tax/new; save "$@"; }

form country=DE number='DE 136 695 976' since=2020-01-01 until=2026-12-20
check "a number is kept" "$(answers 303)"
get /a/demo/settings/tax
check "written in its one form" "$(answers 200 'Germany: standard DE136695976')"
check "what ends within sixty days is told, with its reason" "$(answers 200 'the registration ends on 20 Dec 2026'; grep -q 'why=ends_why' "$work/body" || echo "no reason")"
form country=FR number='FR 40 303 265 046'
check "a wrong check digit is refused, beside its field, without the number" "$(answers 422 'aria-invalid="true"'; grep -o 'alert[^<]*303265046' "$work/body")"
form country=FR number='FR 40 303 265 045'
check "the right one is kept" "$(answers 303)"
form country=FR scheme=oss number='FR 40 303 265 045'
check "a number stands in one record" "$(answers 422 'stands in another record')"
form country=DE number='DE 811 907 980'
check "a country has one number of a scheme" "$(answers 422 'number of this scheme for Germany already')"
form country=DE scheme=ioss permit=IM123
check "a number of the import scheme has its form" "$(answers 422 'IM and ten digits')"
form country=DE scheme=ioss permit=IM2760000742
check "such as this" "$(answers 303)"
form country=US scheme=sales region=US-CA permit=123-456
check "a permit of a state" "$(answers 303)"
form country=US scheme=sales region=US-NY permit=123-457
check "and of another" "$(answers 303)"
form country=JP number=T7000012050002 since=2026-01-02 until=2026-01-01
check "it ends after it begins" "$(answers 422 'ends before it begins on 2 Jan 2026')"
get /a/demo/settings/tax/1
save number='DE 136 695 976' until=2026-11-01
check "a record is not its own double" "$(answers 303)"
get /a/demo/settings/tax
check "what is over is told" "$(answers 200 'the registration ended on 1 Nov 2026')"
get "$(grep -o 'href="[^"]*why=ends_why[^"]*"' "$work/body" | head -n 1 | sed 's/^href="//; s/"$//; s/&amp;/\&/g')"
check "\"Why?\" leads to the registrations" "$(answers 200 'told from 60 days before on')"

# ---- how it is charged --------------------------------------------------------------------------------------
stop
souk import tests/import/files/orders.txt >/dev/null 2>&1
serve
call settings.tax_rates.save '{"origin": "DE", "collected_by": "seller"}'
check "who collects needs a rate, and the sentence names the marketplace" "$(answers 422 'You collect the tax on Amazon[.]')"
call settings.tax_rates.save '{"origin": "DE", "collected_by": "seller", "rate": "19"}'
check "then it is kept" "$(answers 200)"
check "for others to read" "$(same kept "$(souk query "SELECT field, text FROM v1_settings WHERE module = 'tax_rates' AND field IN ('origin', 'collected_by') ORDER BY 1" 2>/dev/null | sed 1d | tr -d '\r')" \
    "$(printf 'collected_by,seller\norigin,DE')")"
stop

# ---- months ----------------------------------------------------------------------------------------------------
for seed in 1 2 3; do
    export SOUK_ACCOUNT=shop-$seed
    souk demo -a $SOUK_ACCOUNT --orders 1500 --seed $seed --until 2026-11-23 >/dev/null 2>&1
    souk query "SELECT currency, CAST(sum(amount) AS BIGINT) FROM v1_ledger_daily WHERE part <> 'reserve' AND day >= 20574 AND day < 20758 GROUP BY 1 ORDER BY 1" \
        2>/dev/null | sed 1d | tr -d '\r' >"$work/ledger.$seed"
done
serve
for seed in 1 2 3; do
    get /a/shop-$seed/settings/tax
    grep -o 'href="/a/[^"]*month_parts[^"]*"' "$work/body" | sed 's/^href="//; s/"$//; s/&amp;/\&/g; s|/a/|/api/v1/a/|' | sort -u >"$work/months"
    : >"$work/all.$seed"
    while read -r month; do
        curl -s "$address$month" >>"$work/all.$seed"
        echo >>"$work/all.$seed"
    done <"$work/months"
    check "six months, and together they are the ledger: seed $seed" "$(same months "$(wc -l <"$work/months")" 6
        SEED=$seed WORK=$work py -c '
import json, os, re
work, seed = os.environ["WORK"], os.environ["SEED"]
sums = {}
for line in open(f"{work}/all.{seed}"):
    if line.strip():
        for row in json.loads(line)["rows"]:
            sums[row[1]["text"]] = sums.get(row[1]["text"], 0) + row[4]["minor"]
print("\n".join(f"{c},{sums[c]}" for c in sorted(sums)))' >"$work/sums"
        [ -s "$work/sums" ] || echo "no sums"
        WORK=$work SEED=$seed py -c '
import os
work, seed = os.environ["WORK"], os.environ["SEED"]
minor = lambda text, currency: round(float(text) * (1 if currency == "JPY" else 100)) if "." in text else int(text)
one = dict(l.strip().split(",") for l in open(f"{work}/sums"))
print("\n".join(f"{c}: {one[c]} in months, {a} in the ledger" for c, a in (l.strip().split(",") for l in open(f"{work}/ledger.{seed}")) if one.get(c) != a))' | sed '/^$/d')"
done
page=$(cat "$work/body")
check "each row adds up" "$(cp "$work/body" "$work/page"; WORK=$work py -c '
import os, re
from decimal import Decimal
page = open(os.environ["WORK"] + "/page").read()
rows = re.findall(r"<tr>((?:<t[dh][^>]*>.*?</t[dh]>)+)</tr>", page, re.S)
n = 0
for row in rows:
    cells = [re.sub(r"<[^>]*>", "", c) for c in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)]
    money = [Decimal(re.sub(r"[^0-9.-]", "", c.replace("\u2212", "-"))) for c in cells if re.search(r"[€¥$£]", c)]
    if len(money) == 7:
        n += 1
        if sum(money[:6]) != money[6]:
            print(cells)
if n < 18:
    print("only", n, "rows")')"
stop
done_testing

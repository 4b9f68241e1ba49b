# SPDX-License-Identifier: Apache-2.0
# Outgoing changes: asked for by commands, put into flat files that a parser of our own reads back, handed in by the
# forms of the page, confirmed by the next report; page, API and command line.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z

souk demo --orders 300 2>/dev/null
sku() { souk query "SELECT sku FROM v1_listings WHERE market = '$1' AND status = 'Active' AND fulfilment = '$2' ORDER BY sku LIMIT 1" | sed 1d | tr -d '\r'; }
de=$(sku A1PA6795UKMFR9 seller)
jp=$(sku A1VC38T7YXB528 seller)
fba=$(sku A1PA6795UKMFR9 marketplace)
off=$(value "SELECT sku FROM v1_listings WHERE market = 'A1PA6795UKMFR9' AND status = 'Inactive' AND fulfilment = 'seller' ORDER BY sku LIMIT 1")

run souk do listing.price market=DE "sku=$de" price=14.05 least=12 most=1000.50
check "a price is asked for" "$(said 0 "The price of $de on Amazon.de is to be" "^listing:$de\$")"
run souk do listing.price market=DE "sku=$fba" price=12
check "what the marketplace fulfils may get a price" "$(said 0 'is to be')"
run souk do listing.quantity market=DE "sku=$fba" quantity=3
check "but no quantity" "$(said 4 'counts its stock itself')"
souk do listing.quantity market=DE "sku=$de" quantity=12 handling_days=2 >/dev/null 2>&1
souk do listing.status market=DE "sku=$off" status=active quantity=7 >/dev/null 2>&1
souk do listing.price market=JP "sku=$jp" price=2480 sure=yes >/dev/null 2>&1
active=$(value "SELECT count(*) FROM v1_listings WHERE market = 'A1PA6795UKMFR9' AND status = 'Active' AND fulfilment = 'seller'")
run souk do listings.status market=DE of_status=active of_fulfilment=seller status=inactive count="$((active + 1))"
check "a list that is not as long as it was is left alone" "$(said 65 "It was to be $((active + 1)) listings, and now they are $active")"
run souk do listings.status market=DE of_status=active of_fulfilment=seller status=inactive "count=$active"
check "a whole list goes off sale" "$(said 0 "$active changes wait" '^batch:[0-9]+$')"
batch=$(sed 's/batch://' "$work/out")

# While the server runs, commands go to it.
command() {                                             # NAME [FIELD=VALUE...]
    name=$1
    shift
    for field; do set -- "$@" --data-urlencode "$field"; shift; done
    get "/api/v1/a/demo/commands/$name" "$@"
}
serve
get "/a/demo/outgoing"
check "the page shows what waits" "$(answers 200 'Outgoing changes'; answers 200 "Amazon.de: $((active + 4)) changes wait"; answers 200 '/a/demo/outgoing[?]state=open&amp;before=')"
send do/outgoing.cancel "" "outgoing=$batch"            # a form is sealed: another number is refused
check "which change is taken back cannot be changed on the way" "$(answers 403 'not one that Souk drew')"
command outgoing.cancel "batch=$batch"
check "a batch is taken back" "$(answers 200 "$active changes are taken back")"
get "/a/demo/outgoing?market=DE"
check "one marketplace alone" "$(answers 200 'Amazon.de: 4 changes wait'; answers 200 "$off: Off sale → On sale"; grep -q 'Amazon.co.jp: ' "$work/body" && echo 'Japan is there, too')"
send do/outgoing.download 'Make the files'
check "the files are made by a button" "$(answers 303)"
get "/a/demo/outgoing"
check "and lead to what is to be saved" "$(answers 200 'File 1: price and quantity, Amazon.de'; answers 200 'href="/a/demo/outgoing/1.txt'; answers 200 'File 2: inventory loader')"
command outgoing.download market=JP

# ---- files, read back ---------------------------------------------------------------------------------------------
for file in 1 2 3; do
    get "/a/demo/outgoing/$file.txt"
    cp "$work/body" "$work/file-$file.txt"
    header Content-Disposition >>"$work/names"
    run souk outgoing -a demo "$file"
    check "file $file is the same from the command line" "$(said 0 ''; cmp "$work/out" "$work/file-$file.txt" 2>&1)"
done
check "files have names that say what they are" "$(same names "$(sed 's/.*filename="\([^"]*\)".*/\1/' "$work/names")" "PriceAndQuantity-DE-1.txt
InventoryLoader-DE-2.txt
PriceAndQuantity-JP-3.txt")"
check "what was asked for comes out of the files again" "$(py - "$work" "$de" "$fba" "$off" "$jp" <<'END'
import sys
work, de, fba, off, jp = sys.argv[1:]
def read(file):                                         # as strict as the marketplace: exact names, whole rows, plain bytes
    raw = open(f"{work}/file-{file}.txt", "rb").read()
    assert raw.endswith(b"\r\n") and b'"' not in raw and max(raw) < 128 and raw.count(b"\r") == raw.count(b"\n"), raw
    head, *rows = [line.split("\t") for line in raw.decode("ascii").split("\r\n")[:-1]]
    assert all(len(row) == len(head) for row in rows), rows
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row if cell), rows
    skus = [row[0] for row in rows]
    assert skus == sorted(set(skus)), skus              # one row for each
    return head, {row[0]: dict(zip(head, row)) for row in rows}
def filled(row):
    return {name: value for name, value in row.items() if value and name != "sku"}
head, rows = read(1)
assert head == ["sku", "price", "minimum-seller-allowed-price", "maximum-seller-allowed-price", "quantity", "handling-time",
                "fulfillment-channel"], head
assert set(rows) == {de, fba}, rows
assert filled(rows[de]) == {"price": "14,05", "minimum-seller-allowed-price": "12,00", "maximum-seller-allowed-price": "1000,50",
                            "quantity": "12", "handling-time": "2"}, rows[de]
assert filled(rows[fba]) == {"price": "12,00"}, rows[fba]
head, rows = read(2)
assert head == ["sku", "product-id", "product-id-type", "price", "item-condition", "quantity", "add-delete", "handling-time"], head
assert set(rows) == {off} and rows[off]["add-delete"] == "a" and rows[off]["quantity"] == "7", rows
assert rows[off]["product-id-type"] == "1" and len(rows[off]["product-id"]) == 10 and rows[off]["item-condition"] == "11", rows
assert "," in rows[off]["price"], rows
assert filled(read(3)[1][jp]) == {"price": "2480"}      # yen have no decimals
END
)"
get "/a/demo/outgoing/99.txt"
check "a file that is not there" "$(answers 404 'no outgoing file 99')"
get "/a/demo/outgoing/x.txt"
check "nor is one that is no number" "$(answers 404 'no number of an outgoing file')"
get "/a/demo/outgoing?state=lost"
check "a state that does not exist is named" "$(answers 400 'no state of outgoing changes')"

# ---- handed in, confirmed -------------------------------------------------------------------------------------------
get "/a/demo/outgoing"
send do/outgoing.handed_in 'I have handed it in'
check "handing in by the page" "$(answers 303; same file "$(value "SELECT file FROM v1_outgoing_files WHERE handed_in IS NOT NULL")" 3)"
command outgoing.handed_in file=1
command outgoing.handed_in file=1
check "a file is handed in once" "$(answers 403 'handed in already')"
printf 'seller-sku\tprice\tquantity\tstatus\tasin1\tfulfillment-channel\titem-name\n%s\t14.05\t9\tActive\tB000000001\tDEFAULT\tMug\n' "$de" >"$work/report.txt"
touch -d 2026-11-02T06:00:00Z "$work/report.txt"
kill "$server"
wait "$server" 2>/dev/null
run souk import --market DE "$work/report.txt"
check "a report comes" "$(said 0 '1 row: 1 accepted')"
serve
get "/api/v1/a/demo/outgoing?state=all&before=10"
check "it confirms what it shows, and what it does not show is in conflict" "$(json "sorted((c['kind'], c['state'], c['conflict'], c['price']) for c in j['outgoing'] if c['sku'] == '$de' and c['file'])" | py -c "
import sys
said = eval(sys.stdin.read())
assert said == [('price', 'confirmed', '', '14.05 EUR'), ('quantity', 'handed_in', 'refused', None)], said")"
get "/a/demo/outgoing?state=conflict"
check "conflicts are shown as such" "$(answers 200 'after it was handed in says 9')"
send do/outgoing.failed 'It failed' 'reason=Error 8566: SKU is blocked'
check "what the marketplace said is written down" "$(answers 303; same why "$(value "SELECT state, why FROM v1_outgoing WHERE conflict <> '' OR state = 'failed'")" "failed,Error 8566: SKU is blocked")"
get "/a/demo/outgoing?state=failed"
check "and shown" "$(answers 200 'Error 8566: SKU is blocked')"
run souk outgoing
check "the command line says what it needs" "$(said 2 'Which file\?')"
done_testing

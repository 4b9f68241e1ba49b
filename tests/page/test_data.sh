#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The data as a whole: export, a buyer erased, retention, backup and restore; and that no secret stands anywhere in clear.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T10:00:00Z
. tests/page/web.sh

souk demo --orders 400 2>/dev/null
export SOUK_ACCOUNT=demo
souk do case.add subject='=HYPERLINK("https://x.example")' case=C-1 2>/dev/null >"$work/out"
souk do faq.put question='@SUM(1+1)' answer='-1+1' 2>/dev/null >"$work/out"

# ---- export -------------------------------------------------------------------------------------------------
run souk data export "$work/all.zip"
check "one file holds every view twice, letters, and what they are" "$(said 0 'All that is known of demo'
    souk schema --json >"$work/schema"; py - "$work/all.zip" "$work/schema" <<'END'
import csv, io, json, mailbox, os, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
names = set(z.namelist())
views = json.load(open(sys.argv[2]))["views"]
assert len(views) > 40
for v in views:
    rows = list(csv.reader(io.StringIO(z.read(f"demo/views/{v['view']}.csv").decode(), newline="")))
    whole = json.loads(z.read(f"demo/views/{v['view']}.json"))
    assert rows[0] == [c["column"] for c in v["columns"]], (v["view"], rows[0])
    assert len(rows) - 1 == len(whole), (v["view"], len(rows), len(whole))
    numbers = [c["type"].split("/")[0] in ("count", "money") for c in v["columns"]]
    for row, one in zip(rows[1:], whole):
        assert list(one) == rows[0]
        for is_number, cell, value in zip(numbers, row, one.values()):
            assert is_number or not cell or cell[0] not in "=+-@\t\r＝＋－＠", (v["view"], cell)
            if isinstance(value, str) and not is_number:
                assert cell in (value, "'" + value), (cell, value)
            if is_number and value is None:
                assert cell == "", (v["view"], cell)
money = list(csv.DictReader(io.StringIO(z.read("demo/views/v1_cycles.csv").decode(), newline="")))
assert money and all("." in r["total"] or r["currency"] == "JPY" for r in money), money[:1]
assert "v1_orders: " in z.read("demo/README.txt").decode()
open(sys.argv[1] + ".mbox", "wb").write(z.read("demo/letters/buyers.mbox"))
box = mailbox.mbox(sys.argv[1] + ".mbox")
letters = json.loads(z.read("demo/views/v1_letters.json"))
assert len(box) == len(letters) > 10, (len(box), len(letters))
by = sorted(l["body"].replace("\r\n", "\n").strip() for l in letters)
mine = sorted(m.get_payload(decode=True).decode().replace("\r\n", "\n").strip().replace("\n>From ", "\nFrom ") for m in box)
assert by == mine, [x for x in zip(by, mine) if x[0] != x[1]][:1]
assert all(m["Message-ID"] and m["Date"] for m in box)
END
)"
check "it is for its owner alone" "$(same mode "$(stat -c %a "$work/all.zip")" 600)"
run souk data export "$work/all.zip"
check "a file that is there is left alone" "$(said 75 'is there already')"
run souk data export "$work/no/such/folder.zip"
check "a folder that is not there is named" "$([ "$code" -ne 0 ] && grep -q "$work/no/such" "$work/err" || cat "$work/err")"
run souk data
check "what is missing is said" "$(said 2 'data export FILE.zip')"

# ---- the page ----------------------------------------------------------------------------------------------------
serve
get /a/demo/settings/data
check "the page says what can be done" "$(answers 200 'Download everything'; answers 200 'Erase a buyer'; answers 200 'Nothing is erased by itself')"
curl -s -D "$work/head" -o "$work/page.zip" "$address/a/demo/settings/data/export"
check "the same file from the page, and nothing of it stays behind" "$(header content-disposition | grep -q 'souk-demo-2026-11-23.zip' || cat "$work/head"
    py -c 'import sys, zipfile; a, b = [set(zipfile.ZipFile(f).namelist()) for f in sys.argv[1:]]; assert a == b, a ^ b' "$work/all.zip" "$work/page.zip"
    ls "$data/spool" | head -n 3)"
order=$(curl -s "$address/api/v1/a/demo/q/messages/threads" | head -c 0; souk query "SELECT t.order_id FROM v1_threads t WHERE t.order_id <> '' AND t.waits IS NOT NULL ORDER BY t.thread LIMIT 1" | tail -n 1 | tr -d '\r')
buyer=$(souk query "SELECT buyer FROM v1_threads WHERE order_id = '$order' LIMIT 1" | tail -n 1 | tr -d '\r')
money=$(souk query "SELECT count(*) AS n, sum(amount) AS sum FROM v1_ledger" | tail -n 1)
get /a/demo/settings/data
send do/buyer.erase 'Erase what is known' order="$order"
check "first it says what will go" "$(answers 422 'This would go: [0-9]+ talk'; answers 422 "value=\"$order\"")"
records=$(grep -oE 'number of records, [0-9]+' "$work/body" | head -n 1 | grep -oE '[0-9]+')
send do/buyer.erase 'Erase what is known' order="$order" records="$records"
check "then it is gone" "$([ "$status" = 303 ] || answers 303; souk query "SELECT buyer, subject FROM v1_threads WHERE order_id = '$order'" | tail -n +2 | tr -d '\r' | grep -v '^,$')"
check "money stays" "$(same ledger "$(souk query "SELECT count(*) AS n, sum(amount) AS sum FROM v1_ledger" | tail -n 1)" "$money")"
check "the log says that and by whom, and no name" "$(souk query "SELECT actor, args FROM v1_audit WHERE command = 'buyer.erase' AND result = 'ok'" >"$work/body"
    grep -q '^local,' "$work/body" || cat "$work/body"; grep -F "$buyer" "$work/body")"
get /a/demo/settings/data
send do/retention.set rejects days=30
check "retention is set for one kind" "$([ "$status" = 303 ] || answers 303; get /a/demo/settings/data; answers 200 'after 30 days'; answers 200 'The next run erases')"

# ---- backup ------------------------------------------------------------------------------------------------------------
run souk backup "$work/backup"
check "a backup is made and verified while souk serves" "$(said 0 'copied and verified'; [ -f "$work/backup/souk.db" ] && [ -f "$work/backup/accounts/demo.db" ] || ls -R "$work/backup"
    [ -e "$work/backup.key" ] && echo "with its key"; same mode "$(stat -c %a "$work/backup/accounts/demo.db")" 600)"
run souk backup "$work/backup"
check "one that is there is left alone" "$([ "$code" -ne 0 ] || echo "it wrote")"
run "$program" --data "$work/new" restore "$work/backup"
check "it is restored in one command" "$(said 0 'restored into'
    for q in 'SELECT count(*) AS n FROM v1_orders' 'SELECT * FROM v1_audit ORDER BY at' 'SELECT thread, letter, body FROM v1_letters ORDER BY letter'; do
        souk query "$q" >"$work/a"; "$program" --data "$work/new" query -a demo "$q" >"$work/b"; cmp "$work/a" "$work/b"; done)"
run "$program" --data "$work/new" restore "$work/backup"
check "never into a folder that holds accounts" "$([ "$code" -ne 0 ] && grep -q 'holds accounts already' "$work/err" || cat "$work/err")"
cp -r "$work/backup" "$work/bad"
py - "$work/bad/accounts/demo.db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE audit SET actor = 'somebody else' WHERE no = (SELECT min(no) FROM audit)")
db.commit()
END
run "$program" --data "$work/worse" restore "$work/bad"
check "one that was tampered with is refused before anything is written" "$([ "$code" -ne 0 ] || echo "restored"; ls "$work/worse" 2>/dev/null)"
run "$program" --data "$work/worse" restore "$work/nothing"
check "what is no backup is said to be none" "$(said 3 'is no backup')"

# ---- what is secret stands nowhere in clear ----------------------------------------------------------------------------------
# Planted where people may type them, then looked for in database, log, backup and what was said.
card='4111 1111 1111 1111' token=souk_canary5f1e77c0ffee erased=Zwetschgenmus-canary
get /a/demo/settings/data
curl -s -o /dev/null -X POST -H 'Content-Type: application/json' -d "{\"mail\": \"$erased@x.example\"}" "$address/api/v1/a/demo/commands/buyer.erase"
curl -s -o /dev/null -H "Authorization: Bearer $token" -H "Cookie: souk=$token" "$address/a/demo/"
curl -s -o /dev/null -X POST -H 'Content-Type: application/json' -d "{\"subject\": \"paid with $card\", \"case\": \"C-2\"}" "$address/api/v1/a/demo/commands/case.add"
curl -s -o /dev/null "$address/calendar/$token.ics"
souk backup "$work/last" 2>/dev/null
check "no canary in database, log, what was said, backup or export" "$(
    souk data export "$work/last.zip" 2>/dev/null; (cd "$work" && mkdir unzipped && python3 -m zipfile -e last.zip unzipped)
    for canary in "$card" 4111111111111111 "$token" "$erased"; do grep -rlaF -e "$canary" "$data" "$work/last" "$work/unzipped" "$work/serve.err" "$work/serve.out" 2>/dev/null | sed "s|^|$canary in |"; done
    grep -qa 'paid with' "$data/accounts/demo.db" "$data/accounts/demo.db-wal" || echo "nothing was planted")"
done_testing

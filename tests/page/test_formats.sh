# SPDX-License-Identifier: Apache-2.0
# Documents, mailboxes and Maildir folders on the command line: what an import says of them, and that what
# was rejected comes out whole, can be mended and goes in again.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-30T12:00:00Z

files=tests/import/files
souk account create shop 2>/dev/null

# ---- documents -----------------------------------------------------------------------------------------
run souk import -a shop "$files/health.json"
check "a document with broken records is imported in part" "$(said 5 'Account health report, 15 rows: 11 accepted, 1 unchanged, 3 rejected' '')"
run souk import -a shop --json "$files/promotions.json"
check "and says so as JSON" "$(py - "$work/out" <<'END'
import json, sys
one = json.load(open(sys.argv[1]))["imports"][0]
got = [one[k] for k in ("format", "charset", "rows", "accepted", "rejected")]
if got != ["amazon.promotions", "UTF-8", 6, 3, 3]: print(got)
END
)"
run souk rejects -a shop 2
check "the reasons count records, and name the very member" "$(said 0 '^record 5, revenue: ' '"promotionId": "9002"')"
cp "$work/out" "$work/rejects.json"
check "rejects are a document with the rejected records alone" "$(py - "$work/rejects.json" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
names = [p["promotionName"] for p in d["promotions"]]
if names != ["Herbst", "Blitz", "ohne Nummer"] or d["reportSpecification"]["marketplaceIds"] != ["A1PA6795UKMFR9"]: print(d)
d["promotions"] = d["promotions"][1:2]
d["promotions"][0]["revenue"] = 12.34
json.dump(d, open(sys.argv[1], "w"))
END
)"
run souk import -a shop "$work/rejects.json"
check "mended, it goes in" "$(said 0 'Promotion performance report, 1 row: 1 accepted' ''
    same revenue "$(value -a shop "SELECT revenue, currency FROM v1_promotions WHERE promotion_id = '9002'")" "1234,EUR")"
gzip -c "$files/traffic.json" >"$work/traffic"
run souk import -a shop "$work/traffic"
check "packed, and with any name" "$(said 5 'Sales and traffic report, 5 rows: 3 accepted' '')"

# ---- mails ---------------------------------------------------------------------------------------------
run souk import -a shop "$files/mail.mbox"
check "a mailbox" "$(said 0 'Mailbox, 6 rows: 5 accepted, 1 unchanged, 0 rejected' ''
    same letters "$(value -a shop "SELECT sender, body FROM v1_letters WHERE side = 'in'")" "Anna Muster,Passt sie in die Küche?")"
check "private mail is stored nowhere" "$(for file in "$data"/accounts/shop.db*; do
    strings -n 4 "$file" | grep -n -i 'aunt@\|come at five\|example.com' && echo "in $file"; done)"
mkdir -p "$work/Post/cur" "$work/Post/new" "$work/Post/tmp"
awk -v to="$work/Post/cur/" '/^From a / { n++; next } { print > (to n ":2,S") }' "$files/mail.mbox"
run souk import -a shop "$work/Post"
check "the same mails from a Maildir are no news, and one import" "$(said 0 'Post: Mailbox, 6 rows: 0 accepted, 6 unchanged' ''
    same imports "$(value -a shop "SELECT count(*) FROM v1_imports WHERE name = 'Post'")" 1)"
printf 'From: Anna <abc9@marketplace.amazon.de>\nTo: shop@example.org\nSubject: no date\n\nFrom here on\n' >"$work/Post/new/9"
run souk import -a shop "$work/Post"
check "a mail without a date is one rejected row" "$(said 5 '7 rows: 0 accepted, 6 unchanged, 1 rejected' '')"
last=$(value -a shop "SELECT max(import) FROM v1_imports")
run souk rejects -a shop "$last"
check "and comes out as a mailbox" "$(said 0 '^record 7, message: The mail has no date' '^>From here on')"
sed 's/^Subject: no date/Date: Mon, 30 Nov 2026 10:00:00 +0000\n&/' "$work/out" >"$work/mended"
run souk import -a shop "$work/mended"
check "mended, it goes in" "$(said 0 '1 row: 1 accepted' ''
    same body "$(value -a shop "SELECT body FROM v1_letters WHERE subject = 'no date'")" "From here on")"
done_testing

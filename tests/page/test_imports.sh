# SPDX-License-Identifier: Apache-2.0
# Files brought to the page and to the API: uploads, jobs, the list of imports, rejected rows, undo, and the
# events that tell open pages of it.  TAP.
. tests/tap.sh
. tests/page/web.sh
export SOUK_NOW=2026-11-01T12:00:00Z
files=tests/import/files

souk account create shop 2>/dev/null
souk account create twin 2>/dev/null
souk account create other 2>/dev/null
cp $files/stock.txt "$work/stock.txt"
touch -d 2026-02-03T04:05:06Z "$work/stock.txt"           # what it says holds as of then
souk import -a twin -m DE "$work/stock.txt" $files/orders.txt 2>/dev/null
serve

# ---- a plain form -------------------------------------------------------------------------------------------
get /a/shop/imports
check "the page of imports has a form for files that needs no script" "$(answers 200 'Nothing was imported yet'
    grep -q '<form class="drop"[^>]* method="post" enctype="multipart/form-data" action="/a/shop/import"' "$work/body" || echo "no form"
    grep -q '<input type="file"[^>]* name="file" multiple' "$work/body" || echo "no field for files")"
get /a/shop/import -F "file=@$files/stock.txt;filename=Stock of today.txt" -F "file=@$files/orders.txt" -F market=DE \
    -F as_of=2026-02-03T04:05:06Z
check "it leads back to the list" "$(answers 303; same Location "$(header Location)" /a/shop/imports)"
jobs_done shop
follow
check "the list has both files, newest first" "$(answers 200 'orders\.txt \(All orders\).*Stock of today\.txt \(FBA inventory\)'
    answers 200 '11 rows, 5 new or changed, 0 known already, 6 rejected')"
check "what they brought is what the command line brings" "$(same state "$(state shop)" "$(state twin)")"
check "nothing is left in the spool" "$(ls "$data/spool")"
get /a/shop/imports/2
check "one import: its numbers and its rejected rows with their reasons" "$(answers 200 'orders\.txt'
    answers 200 'sales-channel.*“Non-Amazon US” is no marketplace that Souk knows'
    answers 200 '53,44')"
get /a/shop/imports/2/rejects
check "the rejected rows can be downloaded, as they stood" "$(answers 200; cp "$work/body" "$work/rejects"
    same file "$(cat "$work/rejects")" "$(souk rejects -a twin 2 2>/dev/null)"
    header Content-Disposition | grep -q 'rejected-2-orders.txt' || header Content-Disposition)"
get /a/shop/import -F "file=@$work/rejects;filename=mended.txt"
jobs_done shop
get /api/v1/a/shop/imports/3
check "and brought again" "$(answers 200; same rejected "$(json 'j["rows"], j["rejected"]')" "6 6")"

# ---- refusals -----------------------------------------------------------------------------------------------
while IFS='|' read -r wanted says option value more; do
    # shellcheck disable=SC2086
    get /a/shop/import "$option" "$value" ${more:+-F "$more"} -H 'Accept: text/html'
    check "$wanted for $value${more:+, $more}: $says" "$(answers "$wanted" "$says")"
done <<END
400|There is no file in this request|-F|market=DE
400|There is no market &#39;XX&#39;|-F|market=XX|file=@$files/stock.txt
400|&#39;yesterday&#39; is no instant|-F|as_of=yesterday|file=@$files/stock.txt
415||--data|file=x
END
get /a/shop/import
check "the address takes files only" "$(answers 405; same Allow "$(header Allow)" POST)"
get /a/shop/import -F "file=@$files/stock.txt" -H 'Origin: http://evil.example'
check "another site cannot bring files" "$(answers 403)"
get /a/nobody/import -F "file=@$files/stock.txt"
check "nor can anybody to an account that is not there" "$(answers 404; [ -z "$(ls "$data/spool")" ] || ls "$data/spool")"
printf 'Dear all,\nthis is no report.\n' >"$work/note.txt"
get /a/shop/import -F "file=@$work/note.txt" -F "file=@$files/stock.txt" -F market=DE
jobs_done shop
get /a/shop/imports
check "a file that is no report: its sentence stands on the page, the next file is imported" "$(
    answers 200 'not imported.*note\.txt'
    same imports "$(value -a shop 'SELECT count(*) FROM v1_imports')" 4)"

# ---- the API ------------------------------------------------------------------------------------------------
get "/api/v1/a/other/imports?file=all%20orders.txt" -H 'Content-Type: application/octet-stream' --data-binary "@$files/orders.txt"
job=$(header Location)
check "a file as a body: 202, and where the job is" "$(answers 202; same href "$(json 'j["jobs"][0]["href"]')" "$job"
    same name "$(json 'j["jobs"][0]["name"]')" "all orders.txt")"
jobs_done other
get "$job"
check "the job tells what came of it" "$(answers 200
    same job "$(json 'j["state"], j["result"]["format"], j["result"]["accepted"], j["result"]["rejected"], j["text"], j["href"]')" \
        "done amazon.orders 5 6 11 rows: 5 new or changed, 0 known already, 6 rejected. /a/other/imports/1")"
get /api/v1/a/shop/jobs/"${job##*/}"
check "it is nobody else's" "$(answers 404)"
get "/api/v1/a/other/imports?as_of=2026-02-03T04:05:06Z&market=DE" -F "file=@$files/stock.txt"
jobs_done other
check "as_of: what the file says holds as of then" "$(
    same stock "$(value -a other 'SELECT DISTINCT told FROM v1_stock')" "$(date -d 2026-02-03T04:05:06Z +%s)")"
get /api/v1/a/other/imports
check "the list, newest first, with who brought them" "$(answers 200
    same list "$(json '[(i["import"], i["name"], i["source"], i["can_undo"]) for i in j["imports"]]')" \
        "[(2, 'stock.txt', 'api', True), (1, 'all orders.txt', 'api', False)]")"
get "/api/v1/a/other/imports?before=2"
check "older ones" "$(same list "$(json '[i["import"] for i in j["imports"]]')" "[1]")"
get /api/v1/a/other/imports/1
check "one of them, with its rejected rows" "$(same rejects "$(json 'len(j["rejects"]), j["rejects"][0]["line"], j["rejects"][0]["column"]')" \
    "6 7 sales-channel")"
for path in imports/9 imports/x imports/1/nothing jobs/1 jobs/x; do
    get /api/v1/a/other/$path
    check "404 /api/v1/a/other/$path" "$(answers 404; [ "$path" = imports/1/nothing ] || json 'j["detail"]' | grep -q '\.$' || cat "$work/body")"
done

# ---- undo ----------------------------------------------------------------------------------------------------
souk_before=$(state other)
get /api/v1/a/other/imports -F "file=@$files/orders-later.txt"
jobs_done other
check "another file changes something" "$([ "$(state other)" != "$souk_before" ] || echo "it does not")"
get /a/other/imports
send /do/import.undo 'Take it back'
check "the button leads back to the list" "$(answers 303; header Location | grep -q '^/a/other/imports?_said=' || header Location)"
cp "$work/form" "$work/form.sent"
said=$(header Location)
follow
check "which says what was done, and that the import is taken back" "$(answers 200 'role="status">Import 3 is taken back\.'
    answers 200 '>taken back<')"
check "the records are as they were before" "$(same state "$(state other)" "$souk_before")"
get "$(echo "$said" | sed 's/Import/Nothing/')"
check "a sentence that Souk did not seal is not shown" "$(answers 200; grep 'role="status"' "$work/body")"
get "$(sed -n 1p "$work/form.sent")" --data "$(sed -n 2p "$work/form.sent")"
check "the same form again is answered as before" "$(answers 303; same Location "$(header Location)" "$said")"
get "$(sed -n 1p "$work/form.sent")" --data "$(sed -n 2p "$work/form.sent" | sed 's/_key=[^&]*/_key=another/')"
check "with another key it is refused, on its page" "$(answers 422 'role="alert">Import 3 was taken back already\.')"
get "$(sed -n 1p "$work/form.sent")" --data "$(sed -n 2p "$work/form.sent" | sed 's/import=3/import=1/')"
check "a form whose fixed arguments were changed is refused" "$(answers 403 'This form is not one that Souk drew')"
get /api/v1/a/other/commands/import.undo -d import=2
check "nothing can be taken back twice in a row" "$(answers 403; json 'j["detail"]' | grep -q 'cannot be taken back\|Only the last\|too large\|not recorded' || cat "$work/body")"

# ---- events, and views that are made anew -----------------------------------------------------------------------
curl -s -N "$address/a/other/events" >"$work/events" &
listener=$!
servers="$servers $listener"
tries=0
until [ -s "$work/events" ] || [ $((tries += 1)) -gt 500 ]; do sleep 0.02; done
curl -s "$address/api/v1/a/other/widgets/sales?market=US" >"$work/before"
get /api/v1/a/other/imports -F "file=@$files/orders-later.txt"
jobs_done other
tries=0
until grep -q '"state":"done"' "$work/events" || [ $((tries += 1)) -gt 500 ]; do sleep 0.02; done
check "open pages hear of the job and of what changed" "$(
    grep -A1 '^event: changed' "$work/events" | grep -q '^data: {"areas":\[.*"orders"' || cat "$work/events"
    grep -A1 '^event: job' "$work/events" | grep -q '"state":"runs"' || cat "$work/events")"
kill "$listener"
curl -s "$address/api/v1/a/other/widgets/sales?market=US" >"$work/after"
check "the next page shows the new figures" "$(cmp -s "$work/before" "$work/after" && echo "it does not")"

# ---- the command line while it serves ------------------------------------------------------------------------------
run souk import -a other $files/stock.txt
check "souk import names the page and the API while souk serves" "$(said 75 'While it serves, drop the files on its page, or POST them to /api/v1/a/ACCOUNT/imports')"

# ---- in the middle ---------------------------------------------------------------------------------------------------
souk demo --only-orders --orders 120000 --out "$work/files" >/dev/null
large=$(find "$work/files" -name '*US*' | head -n 1)
at_work() {                                             # brings the large file and waits until rows are read
    get /api/v1/a/shop/imports -F "file=@$large"
    job=$(json 'j["jobs"][0]["href"]')
    tries=0
    until curl -s "$address$job" | grep -qE '"state":"runs","done":[1-9]|"state":"(done|failed)"' || [ $((tries += 1)) -gt 2000 ]; do :; done
}
at_work
get /api/v1/a/shop/commands/import.undo -d ''
check "a command that meets a long import is told so, or waits for its end" "$(
    case $status in
    503) answers 503 'An import is running'; [ -n "$(header Retry-After)" ] || echo "no Retry-After" ;;
    *) answers 200 'is taken back' ;;
    esac)"
jobs_done shop
at_work
kill -9 "$server"
wait "$server" 2>/dev/null
serve
check "kill -9: the import is there wholly or not at all, the spool is empty" "$(
    ls "$data/spool"
    sqlite3 "$data/accounts/shop.db" "PRAGMA integrity_check" | grep -vx ok
    curl -s "$address/a/shop/" | grep -q '<!DOCTYPE html>' || echo "no page")"
at_work
stop
check "SIGTERM in the middle of an import: it ends with 0" "$(same "exit code" "$code" 0)"
check "and nothing is left behind" "$(ls "$data/spool"; sqlite3 "$data/accounts/shop.db" "PRAGMA integrity_check" | grep -vx ok)"
done_testing

# SPDX-License-Identifier: Apache-2.0
# Bad input gets its sentence and its exit code, and nothing is lost or half done afterwards.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-01T12:00:00Z SOUK_ACCOUNT=demo

nothing_changed() {
    same content "$(content demo)" "$before"
    left=$(find "$data/spool" -type f)
    [ -z "$left" ] || echo "left in the spool: $left"
}

# Run apart, where a small file system can be mounted that goes with the process.
full_disk() {
    mkdir "$data"
    mount -t tmpfs -o size=4m none "$data" || return
    souk account create demo 2>/dev/null
    souk import "$work/files/listings-US.txt" 2>/dev/null
    before=$(content demo)
    dd if=/dev/zero of="$data/filler" bs=4k 2>/dev/null
    truncate -s -100K "$data/filler"
    run souk import "$work/files/all-orders-US.txt"
    said 74 'Disk full|No space' ''
    nothing_changed
    run souk demo -a demo --orders 1000
    said 74 'Disk full|No space' ''
    nothing_changed
    run souk account create other
    [ "$code" = 0 ] || said 74 'Disk full|No space' ''
    rm "$data/filler"
    run souk import "$work/files/all-orders-US.txt"
    said 5 'accepted' ''
    run souk account create another
    said 0 'Account another is ready'
    umount "$data"
}

souk demo --orders 1000 --out "$work/files" >/dev/null
[ "${1-}" != full_disk ] || { full_disk; exit; }
chmod -R a+rX "$work/files"
souk account create demo 2>/dev/null
souk import --market US "$work/files/all-orders-US.txt" 2>/dev/null
souk import --market DE "$work/files/listings-DE.txt" 2>/dev/null
before=$(content demo)
orders=$work/files/all-orders-JP.txt                     # in Shift_JIS, and not imported yet
settlement=$(find "$work/files" -name 'settlement-US-*' | sort | sed -n 3p)

# ---- files that are no report, or not all of one ---------------------------------------------------------
cd "$work" || exit
printf '\211PNG\r\n\032\n\0\0\0\rIHDR' >photo.png
printf '{"payload": {"marketplaceId": "X"}}\n' >report.json
printf '<?xml version="1.0"?>\n<AmazonEnvelope/>\n' >report.xml
printf '<!DOCTYPE html><title>Sign in</title>\n' >page.html
printf '%%PDF-1.7\n%%\342\343\317\323\n' >report.pdf
printf 'PK\003\004\024\0\006\0' >report.xlsx
printf '\377\376a\0m\0a\0z\0o\0n\0' >utf16.txt
printf 'Date\tWeather\tMood\tCats\n2026-10-01\train\tfair\t2\n' >diary.txt
{ printf "\\211"; head -c 100000 /dev/urandom; } >noise.bin    # never { or [
printf 'one line without an end' >line.txt
printf '\n\n\n' >blank.txt
: >empty.txt
gzip -c "$orders" | head -c 5000 >cut.txt.gz
gzip -c "$orders" >damaged.txt.gz
printf 'garbage' | dd of=damaged.txt.gz bs=1 seek=3000 conv=notrunc 2>/dev/null
cut -f 1-2,4- "$orders" >columns.txt
mkdir folder
cp diary.txt folder/
cd - >/dev/null || exit
while IFS='|' read -r wanted file says; do
    run souk import "$work/$file"
    check "import: $file" "$(said "$wanted" "$says" ''; nothing_changed)"
done <<'END'
65|photo.png|photo\.png is not a report that Souk knows
65|report.json|report\.json is JSON, but no report that Souk knows
65|report.xml|report\.xml is an XML report, which Souk cannot read
65|page.html|page\.html is a web page, which Souk cannot read
65|report.pdf|report\.pdf is a PDF, which Souk cannot read
65|report.xlsx|report\.xlsx is a ZIP archive or an Excel file
65|utf16.txt|utf16\.txt is UTF-16 text
65|diary.txt|diary\.txt is not a report that Souk knows: it begins with "Date", "Weather".*Souk reads .*amazon\.
65|noise.bin|noise\.bin is not a report that Souk knows
65|line.txt|line\.txt is not a report that Souk knows
65|blank.txt|blank\.txt is empty
65|empty.txt|empty\.txt is empty
65|cut.txt.gz|cut\.txt\.gz is cut short: .*Download it again
65|damaged.txt.gz|damaged\.txt\.gz is damaged: .*Download it again
65|columns.txt|columns\.txt looks like amazon\..*no column "
65|folder|diary\.txt is not a report that Souk knows
3|absent.txt|absent\.txt cannot be opened: No such file
END
run souk import - </dev/null
check "import: empty standard input" "$(said 65 'standard input is empty' ''; nothing_changed)"
run souk import --json "$work/diary.txt" "$work/empty.txt"
check "import --json tells each failure" "$(said 65 '*' '"error":"input".*diary.txt.*"error":"input".*empty.txt is empty'; nothing_changed)"

# The middle of a row: what is whole counts; whatever became of the rest, the whole file puts it right.
demo=$data data=$work/halves
souk account create whole 2>/dev/null
souk import -a whole "$orders" 2>/dev/null
lines="SELECT * FROM v1_order_lines WHERE market = 'A1VC38T7YXB528' ORDER BY order_id, sku, ordinal"
whole=$(value -a whole "$lines")
check "the whole file" "$([ "$(echo "$whole" | wc -l)" -gt 100 ] || echo "$whole")"
for cells in 0 1 4 12 16 17 26; do
    souk account create "half-$cells" 2>/dev/null
    # Twenty rows, then some cells of the next one and half of a cell.
    { head -n 21 "$orders"; sed -n 22p "$orders" | cut -f "1-$((cells + 1))" | tr -d '\n' | sed 's/.$//'; } >"$work/half.txt"
    run souk import -a "half-$cells" "$work/half.txt"
    check "half a file that ends in cell $((cells + 1)) of a row: the rows before it count" "$(
        [ "$code" = 0 ] || [ "$code" = 5 ] || said 5 '*'
        grep -qE '21 rows: 2[01] accepted, 0 unchanged, [01] rejected' "$work/err" || cat "$work/err")"
    run souk import -a "half-$cells" "$orders"
    check "half a file that ends in cell $((cells + 1)) of a row: the whole one puts it right" "$(said 0 ' 0 rejected' ''
        same "order lines" "$(value -a "half-$cells" "$lines")" "$whole")"
done
data=$demo
head -n 40 "$settlement" >"$work/short-settlement.txt"
run souk import "$work/short-settlement.txt"
check "half a settlement does not sum, and says what is missing" "$(said 0 'does not sum: -?[0-9.]+ USD missing')"
run souk show payments --market US
check "half a settlement: the widget says so" "$(said 0 '' 'missing')"
run souk import "$settlement"
check "half a settlement: the whole one completes it" "$(said 0 'sums to the cent')"
before=$(content demo)

# ---- charsets ---------------------------------------------------------------------------------------------
run souk import --charset klingon "$work/files/all-orders-DE.txt"
check "a charset that does not exist" "$(said 65 'klingon' ''; nothing_changed)"
run souk import --charset utf-8 "$work/files/all-orders-DE.txt"
check "the wrong charset: rows that cannot be read are kept aside, or the file is refused" "$(
    case $code in
    5) said 5 ' [1-9][0-9]* rejected' ''
       no=$(value "SELECT max(import) FROM v1_imports")
       run souk rejects "$no"
       said 0 'line [0-9]+.*(UTF-8|charset)' ;;
    *) said 65 'charset' ''; nothing_changed ;;
    esac)"
run souk import "$work/files/all-orders-DE.txt"
check "the right charset mends it" "$(said 5 'accepted'
    same "titles with a replaced character" "$(value "SELECT count(*) FROM v1_order_lines WHERE title LIKE '%' || '$(printf '\357\277\275')' || '%'")" 0)"
before=$(content demo)

# ---- a line without end -------------------------------------------------------------------------------------
cat >"$work/long.py" <<'END'
import os, sys
program, data, before, after, gigabytes = *sys.argv[1:5], float(sys.argv[5])
reads, writes = os.pipe()
pid = os.fork()
if pid == 0:
    os.dup2(reads, 0)
    os.close(reads)
    os.close(writes)
    os.execv(program, [program, "--data", data, "import", "-"])
os.close(reads)
block = b"x" * (1 << 20)
with open(writes, "wb", buffering=0) as out:
    try:
        out.write(before.encode())
        for _ in range(int(gigabytes * 1024)):
            out.write(block)
        out.write(b"\n" + after.encode())
    except BrokenPipeError:
        print("the pipe was closed early")
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss // 1024)
END
header=$(head -n 1 "$work/files/all-orders-US.txt")
row=$(sed -n 2p "$work/files/all-orders-US.txt")
next=$(sed -n 3p "$work/files/all-orders-US.txt")
room=$(df -Pm "$work" | awk 'NR == 2 { print $4 }')
size=1
[ -z "$is_sanitized" ] || size=0.1
if [ "$room" -gt 3000 ]; then
    python3 "$work/long.py" "$program" "$data" "$header
$row
" "$next
" $size >"$work/long" 2>"$work/err"
    check "a line of 1 GB: it alone is rejected" "$(read -r code _ <"$work/long"; : >"$work/out"
        said 5 '3 rows: 0 accepted, 2 unchanged, 1 rejected'
        no=$(value "SELECT max(import) FROM v1_imports")
        run souk rejects "$no"
        said 0 '^line 3: '
        [ "$(wc -c <"$work/out")" -lt 2000000 ] || echo "all of it was kept")"
    if [ -z "$is_sanitized" ]; then
        check "a line of 1 GB: memory stays below 150 MiB" "$(read -r _ peak <"$work/long"; [ "$peak" -lt 150 ] || echo "$peak MiB")"
    else
        skip "a line of 1 GB: memory stays below 150 MiB" "memory of an instrumented build says nothing"
    fi
    before=$(content demo)
    python3 "$work/long.py" "$program" "$data" "" "" 0.1 >"$work/long" 2>"$work/err"
    check "nothing but a line of 100 MB" "$(read -r code _ <"$work/long"; : >"$work/out"
        said 65 'standard input is not a report that Souk knows'; nothing_changed)"
else
    skip "a line of 1 GB" "only $room MB are free"
fi

# ---- the data folder ------------------------------------------------------------------------------------------
# Runs souk as somebody who owns nothing here.
somebody() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$program" "$@"
    else
        "$program" "$@"
    fi
}
chmod 755 "$work"
mkdir "$work/theirs"
if [ "$(id -u)" = 0 ] && ! { command -v setpriv >/dev/null && somebody --version >/dev/null 2>&1; }; then
    skip "a data folder that cannot be written" "run as root, and nobody else may run $program"
else
    chmod 555 "$work/theirs"
    run somebody --data "$work/theirs" import "$orders"
    check "a data folder that cannot be written" "$(said 74 "$work/theirs.* cannot be written.*it belongs to $(id -un).*--data" ''
        same files "$(ls -A "$work/theirs")" "")"
    run somebody --data "$work/theirs/new" account create shop
    check "a data folder that cannot be made" "$(said 74 "$work/theirs/new cannot be written.*it belongs to $(id -un)" '')"
    run somebody --data "$work/theirs/new" serve --port 0
    check "serve: a data folder that cannot be made" "$(said 74 'cannot be written' '')"
    [ "$(id -u)" = 0 ] || chmod 500 "$data" "$data/accounts"
    [ "$(id -u)" = 0 ] || chmod 400 "$data"/lock "$data"/accounts/*
    run somebody --data "$data" import "$orders"
    check "the data folder of somebody else" "$(said 74 "$data.* cannot be (written|read).*it belongs to $(id -un)" '')"
    chmod -R u+rwX "$data"
    check "the data folder of somebody else: nothing changed" "$(nothing_changed)"
fi
: >"$work/file"
run "$program" --data "$work/file" account create shop
check "a data folder that is a file" "$(said 74 "$work/file")"
run "$program" --data "$work/none" imports
check "a data folder that is not there" "$(said 3 "There is no data folder $work/none yet" ''
    [ ! -e "$work/none" ] || echo "it was made")"

if [ "$(id -u)" = 0 ]; then apart="unshare -m"; else apart="unshare -rm"; fi
if $apart sh -c 'mount -t tmpfs -o size=1m none /tmp' 2>/dev/null; then
    check "a full disk: nothing is saved, and with room again all is" "$($apart sh "$0" full_disk 2>&1)"
else
    skip "a full disk: nothing is saved, and with room again all is" "this user may not mount a small file system"
fi

# ---- two at once ------------------------------------------------------------------------------------------------
serve
run souk import "$orders"
check "a second process on the data folder" "$(said 75 "$data is in use by souk \(pid $server\)" '')"
run souk demo
check "a second process on the data folder: demo" "$(said 75 "pid $server" '')"
run souk serve --port 0
check "a second process on the data folder: serve" "$(said 75 "pid $server" '')"
run souk show sales --market US
check "reading goes on beside it" "$(said 0 '' 'Amazon'; nothing_changed)"
port=${address##*:}
run "$program" --data "$work/other" serve --port "$port"
check "the port is in use" "$(said 76 "Cannot listen on 127\.0\.0\.1 port $port: another program uses this port" '')"
check "the first one was not disturbed" "$(curl -sf "$address/healthz" | grep -q alive || echo "it does not answer")"
stop
check "and ends well" "$(same "exit code" $code 0)"
if [ "$(id -u)" = 0 ]; then
    skip "a port that needs rights" "root has them"
else
    run "$program" --data "$work/other" serve --port 80
    check "a port that needs rights" "$(said 76 'Cannot listen on 127\.0\.0\.1 port 80')"
fi

# ---- plugins.ini ---------------------------------------------------------------------------------------------------
lines=$(wc -l <plugins.ini)
while IFS='|' read -r wanted says text; do
    { cat plugins.ini; printf '%b\n' "$text"; } >"$work/plugins.ini"
    run souk --config "$work/plugins.ini" show
    check "plugins.ini: $text" "$(said "$wanted" "$(echo "$says" | sed "s|FILE|$work/plugins.ini|; s|LINE|$((lines + 2))|")" '')"
done <<'END'
78|FILE:LINE: there is no key "colour" in \[mine\]|[mine]\ncolour = red\nfile = home/sales/sales.so
78|FILE:LINE: enabled is "perhaps", but must be yes or no|[mine]\nenabled = perhaps
78|\[mine\] needs file =|[mine]
78|FILE:LINE: this is neither key = value|[mine]\nwhat is this
78|the section \[sales\] stands in line|[sales]\nfile = home/sales/sales.so
78|must be named with lower-case letters|[My Plugin]\nfile = x.so
78|the "\[" of a section has no "\]"|[mine
78|the environment has no SOUK_TEST_ABSENT|[mine]\nfile = ${SOUK_TEST_ABSENT}
END
while IFS='|' read -r says text; do
    printf '%b\n' "$text" >"$work/plugins.ini"
    run souk --config "$work/plugins.ini" show
    check "plugins.ini: $text" "$(said 78 "$(echo "$says" | sed "s|FILE|$work/plugins.ini|")" '')"
done <<'END'
FILE:2: there is no key "prot" in \[host\]; its keys are: .*port|[host]\nprot = 8420
FILE:2: port is "many", but must be a whole number|[host]\nport = many
FILE:1: a key stands here before the first|port = 8420
FILE:3: port has been set in line 2 already|[host]\nport = 1\nport = 2
FILE:2: there is no key "colour" in \[sales\]|[sales]\ncolour = red\nfile = home/sales/sales.so
END
run souk --config "$work/absent.ini" show
check "plugins.ini that is not there" "$(said 78 'absent\.ini cannot be read: No such file' '')"
printf '[host]\naddress = 0.0.0.0\n' >"$work/plugins.ini"
run souk --config "$work/plugins.ini" serve --port 0
check "an address that others can reach is refused" "$(said 4 'Refused to listen on 0\.0\.0\.0: others could read along' '')"
for mb in 0 1048577; do
    printf '[host]\nupload_mb = %s\n' "$mb" >"$work/plugins.ini"
    run souk --config "$work/plugins.ini" serve --port 0
    check "upload_mb = $mb" "$(said 78 "plugins.ini: upload_mb is $mb; it can be 1 to 1048576" '')"
done

# ---- plugins --------------------------------------------------------------------------------------------------------------
printf 'This is no program.\n' >"$work/text.so"
real=$(find /usr/lib /lib -name 'libz.so*' 2>/dev/null | head -n 1)
while IFS='|' read -r file says more; do
    { cat plugins.ini; printf '\n[mine]\nfile = %s\n%b' "$file" "$more"; } >"$work/plugins.ini"
    run souk --config "$work/plugins.ini" plugin doctor
    check "doctor: $file $more" "$(said 4 '' '^mine +refused'
        grep -A 1 '^mine ' "$work/out" | grep -qE "^    .*$says" || grep -A 1 '^mine ' "$work/out"
        grep -q '^sales  *loaded' "$work/out" || echo "the others do not run")"
done <<END
home/mine/mine.so|cannot be found .*build or install it|
$work/text.so|no shared object that can be loaded|isolate = no\n
$work/text.so|does not come with Souk.*isolate = no|
$real|no entry named souk_plugin|isolate = no\n
$build/plugins/home/sales/sales.so|has the same id|
$build/plugins/home/sales/sales.so|isolation does not exist yet|isolate = yes\n
$build/plugins/home/sales/sales.so|not the one that was pinned|sha256 = 00\n
END
sed 's|home/payments/payments.so|home/payments/absent.so|' plugins.ini >"$work/plugins.ini"
serve --config "$work/plugins.ini"
check "a plugin that is missing: the page shows the others" "$(
    curl -s "$address/a/demo/" >"$work/page"
    grep -q 'id="sales"' "$work/page" || echo "sales is not there"
    grep -q 'id="payments"' "$work/page" && echo "payments is there"
    curl -s "$address/readyz" | grep -q '"plugins_refused": *1' || echo "readyz does not tell"
    grep -q 'payments is refused.*cannot be found' "$work/serve.err" || echo "the log does not tell")"
stop
run souk --config "$work/plugins.ini" show payments
check "a plugin that is missing: its widget" "$(said 3 "There is no widget 'payments'; .*plugin doctor" '')"
sed 's|^\[amazon-.*\]|&\nenabled = no|' plugins.ini >"$work/plugins.ini"
run souk --config "$work/plugins.ini" import "$orders"
check "no plugin for report files" "$(said 65 'no plugin for report files is loaded.*plugin doctor' ''; nothing_changed)"

# ---- accounts and markets ----------------------------------------------------------------------------------------------------
souk account create shop 2>/dev/null
for words in "imports" "import $orders" "show sales" "query SELECT" "rejects 1"; do
    # shellcheck disable=SC2086
    run souk $words -a shpo
    check "an account that is not there: $words" "$(said 3 'There is no account shpo; there is: demo, shop' '')"
done
run "$program" --data "$work/fresh" account list
check "no data folder yet: account list" "$(said 3 'There is no data folder' '')"
run souk import -a ../demo "$orders"
check "an account that is a path" "$(said 3 'There is no account \.\./demo' '')"
while IFS='|' read -r market says; do
    run souk import --market "$market" "$orders"
    check "market $market" "$(said 65 "There is no market '$market'.*$says" ''; nothing_changed)"
done <<'END'
amazon.ed|did you mean Amazon\.[de]
Amazon.cojp|did you mean Amazon.co.jp
DEE|did you mean DE
Atlantis|write US, DE, JP
END
run souk import "$work/files/listings-JP.txt"
check "a file that does not name its market: its name tells" "$(said 0 'accepted')"
cp "$work/files/fba-stock-US.txt" "$work/stock"
run souk import -a demo "$work/stock"
check "a file that does not name its market, nor does its name" "$(said 65 'does not say which marketplace it is from; add --market' '')"
done_testing

# SPDX-License-Identifier: Apache-2.0
# The command line as its users see it: help, usage errors, exit codes, data on stdout and talk on stderr,
# JSON, completions, man page, installation, imports of every kind, queries, widgets, languages.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-01T12:00:00Z

commands=$("$program" help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }')
options_of() { "$program" help "$1" | sed -n 's/^ *\(-[a-z], \)\{0,1\} *\(--[a-z-]*\).*/\2/p'; }

# ---- help ---------------------------------------------------------------------------------------------
run souk help
check "help shows examples, commands and options" "$(said 0 '' '^Usage: souk'
    for word in Examples: Commands: Options:; do grep -q "^$word" "$work/out" || echo "no $word"; done)"
check "every command has its help, three ways" "$(
    [ "$(echo "$commands" | wc -l)" -ge 12 ] || echo "only these commands: $commands"
    for command in $commands; do
        run souk help "$command"
        said 0 '' "^Usage: souk $command"
        grep -q "^  .*souk.* $command" "$work/out" || echo "$command: no example"
        mv "$work/out" "$work/help"
        for way in "$command --help" "$command -h" "--help $command"; do
            # shellcheck disable=SC2086
            run souk $way
            said 0 ''
            cmp -s "$work/out" "$work/help" || echo "souk $way is not souk help $command"
        done
    done)"
run souk --version
check "--version" "$(said 0 '' '^souk [0-9]+\.[0-9]+\.[0-9]+$')"

# ---- the command line is wrong: exit code 2, and what was probably meant -----------------------------------
while IFS='|' read -r words says; do
    # shellcheck disable=SC2086
    run souk $words
    check "wrong: souk $words" "$(said 2 "$says" '')"
done <<'END'
imprt|Did you mean 'import'\?
impotr x.txt|Did you mean 'import'\?
qurey x|Did you mean 'query'\?
plugins list|Did you mean 'plugin'\?
nonsense|There is no command 'nonsense'
help nonsense|There is no command 'nonsense'
--jsn show|There is no option --jsn
-x show|There is no option -x
-xy show|There is no option -x
show --data|--data wants a value
show sales -m|-m wants a value
serve --market DE|souk serve has no option --market
account|account create NAME.*account list
account creat shop|account create NAME.*account list
account create|account create NAME.*account list
import|Which files\?
rejects|Which import\?
rejects seven|Which import\?
query|Which query\?
query SELECT 1|Which query\?
show sales orders|One widget at a time
schema v1_orders v1_cycles|One view at a time
plugin|plugin list.*plugin doctor
completion tcsh|bash, zsh or fish
demo please|souk demo takes no 'please'
demo --orders none|'none' is no number of orders
demo --until yesterday|'yesterday' is no date
demo --seed -1|'-1' is no seed
serve now|souk serve takes no 'now'
serve --port 99999|'99999' is no port
END
run souk
check "without a command the help, as an error" "$(said 2 '*' '^Usage: souk')"

# ---- a shop, and where what is said goes --------------------------------------------------------------------
run souk demo --orders 3000 --out "$work/files"
check "demo --out names the files on stdout" "$(said 0 ''
    same "files" "$(sort "$work/out")" "$(find "$work/files" -type f | sort)")"
run souk demo --orders 3000
check "demo talks on stderr only" "$(said 0 'Account demo is ready' '')"
run souk account create second
check "account create talks on stderr only" "$(said 0 'Account second is ready' '')"
run souk account list
check "account list" "$(said 0 ''; same accounts "$(cat "$work/out")" "$(printf 'demo\nsecond')")"
run souk imports
check "two accounts: which?" "$(said 65 'Which account\? Say it with -a: demo, second' '')"
export SOUK_ACCOUNT=demo
run souk imports
check "the account from SOUK_ACCOUNT" "$(said 0 '' '^ *1  2026-11-01T12:00:00Z  amazon\.')"
run souk imports -a second
check "-a goes before SOUK_ACCOUNT; nothing imported yet" "$(said 0 'Nothing was imported into second yet' '')"
run souk show
check "show lists the widgets" "$(said 0 ''
    for widget in sales orders payments; do grep -q "^$widget " "$work/out" || echo "no $widget"; done)"

# ---- exit codes: each of the documented ones -----------------------------------------------------------------
run souk help exit-codes
check "the exit codes that are tested here are those documented" "$(said 0 ''
    same codes "$(awk '{ printf "%s ", $1 }' "$work/out")" "0 1 2 3 4 5 65 70 74 75 76 78 ")"
mkfifo "$work/slow"
exec 9<>"$work/slow"                                     # keeps the pipe open: the import waits for its end
"$program" --data "$data" import -a second - <"$work/slow" 2>"$work/err" &
importer=$!
tries=0
until grep -qsx "$importer" "$data/lock" || [ $((tries += 1)) -gt 500 ]; do sleep 0.02; done
sleep 0.2
kill -TERM "$importer"
wait "$importer"
code=$?
exec 9>&-
check "1: an import that was stopped" "$(: >"$work/out"; said 1 'stopped')"
run souk imports -a nobody
check "3: unknown account" "$(said 3 'There is no account nobody; there is: demo, second' '')"
run souk show nothing
check "3: unknown widget" "$(said 3 "There is no widget 'nothing'" '')"
run souk rejects 999
check "3: unknown import" "$(said 3 'There is no import 999' '')"
run souk schema v1_nothing
check "3: unknown view" "$(said 3 "There is no view 'v1_nothing'" '')"
run souk account create demo
check "75: an account that is there already" "$(said 75 'There is an account demo already' '')"
run souk account create 'No Name'
check "65: not the name of an account" "$(said 65 'cannot be the name of an account' '')"
mkdir -p "$work/damaged/accounts"
cp "$data/souk.db" "$work/damaged/"
head -c 20000 /dev/urandom >"$work/damaged/accounts/demo.db"
run "$program" --data "$work/damaged" imports
check "70: a damaged database" "$(said 70 'is not a database of Souk' '')"
check "74: the output cannot be written" "$(
    if [ -e /dev/full ]; then
        "$program" --data "$data" schema >/dev/full 2>"$work/err"
        code=$?
        : >"$work/out"
        said 74 'the output could not be written'
    fi)"

# ---- JSON ------------------------------------------------------------------------------------------------------
mkdir "$work/json"
i=0
while read -r words; do
    i=$((i + 1))
    eval "run souk --json $words"
    { echo "$words"; cat "$work/out"; } >"$work/json/$i"
done <<'END'
account list
account create third
imports
imports -a third
import "$work/files"
import /dev/null
plugin list
plugin doctor
schema
schema v1_orders
schema --records
query "SELECT * FROM v1_order_lines LIMIT 3"
query "SELECT order_id FROM v1_orders WHERE market = :m" --set m=nowhere
query "SELECT 1 FROM orders"
show
show sales
show orders --market DE
show payments
show nothing
imports -a nobody
demo --out "$work/files2" --orders 100
demo -a fourth --orders 100
END
check "--json: $i commands each write one JSON object, no bare numbers for money" "$(py - "$work/json" <<'END'
import json, os, sys
for name in sorted(os.listdir(sys.argv[1]), key=int):
    words, _, text = open(os.path.join(sys.argv[1], name), encoding="utf-8").read().partition("\n")
    try:
        said = json.loads(text)
    except ValueError as fault:
        print(f"{words}: {fault}: {text[:80]!r}")
        continue
    if not isinstance(said, dict):
        print(f"{words}: no object")
    def walk(at):
        if isinstance(at, float):
            print(f"{words}: a floating point number")
        for inner in at.values() if isinstance(at, dict) else at if isinstance(at, list) else []:
            walk(inner)
    walk(said)
END
)"

# ---- completions -------------------------------------------------------------------------------------------------
for shell in bash zsh fish; do
    "$program" completion $shell >"$work/completion.$shell"
    check "completion $shell names every command and option" "$(
        for command in $commands; do
            grep -q -- "[ '(]$command[ ':)]" "$work/completion.$shell" || echo "no $command"
            [ $shell = fish ] && continue
            line=$(grep -e "^ *$command)" "$work/completion.$shell")
            for option in $(options_of "$command"); do
                case "$line " in *" $option "*|*" $option'"*|*" $option;"*) ;; *) echo "$command: no $option" ;; esac
            done
        done)"
    if command -v $shell >/dev/null; then
        check "completion $shell is well-formed" "$($shell -n "$work/completion.$shell" 2>&1)"
    else
        skip "completion $shell is well-formed" "$shell is not installed"
    fi
done
check "completion bash completes" "$(bash -c '
    . "$1"
    try() { COMP_WORDS=("${@:2}"); COMP_CWORD=$(($# - 2)); COMPREPLY=(); _souk; [ "${COMPREPLY[*]}" = "$1" ] || echo "${*:2} -> ${COMPREPLY[*]} instead of $1"; }
    try "import imports" souk imp
    try "--market" souk import --mar
    try "--orders --out --only-orders" souk demo --o
    try "plugin" souk --json plug' - "$work/completion.bash" 2>&1 | sort)"

# ---- man page ------------------------------------------------------------------------------------------------------
if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww -P-cbou man/souk.1 >"$work/man" 2>"$work/man.err"
    check "the man page renders without a warning" "$(cat "$work/man.err"; grep -q EXAMPLES "$work/man" || echo "no text")"
else
    sed 's/\\-/-/g; s/\\f[A-Z]//g' man/souk.1 >"$work/man"
    skip "the man page renders without a warning" "groff is not installed"
fi
check "the man page names every command, option and exit code" "$(
    for word in $commands; do grep -qE "(^| )$word( |$)" "$work/man" || echo "no command $word"; done
    for word in $(for command in $commands; do options_of "$command"; done | sort -u) --version; do
        grep -qE -e "(^|[ ,])$word([ ,.=]|$)" "$work/man" || echo "no option $word"
    done
    for word in $("$program" help exit-codes | awk '{ print $1 }'); do
        tr -s '\n ' ' ' <"$work/man" | grep -qE "[ ;]$word [a-z]" || echo "no exit code $word"
    done)"

# ---- make install ---------------------------------------------------------------------------------------------------
check "make install DESTDIR= works, and what is installed runs from there" "$(
    make -s -o all install BUILD="${BUILD:-build}" DESTDIR="$work/root" PREFIX=/usr/local >"$work/make" 2>&1 || cat "$work/make"
    there=$work/root/usr/local
    cd "$work" || exit                                   # nothing may be found by the folder one is in
    unset SOUK_ACCOUNT
    run "$there/bin/souk" plugin doctor
    said 0 '' 'sales +loaded'
    run "$there/bin/souk" --data "$work/installed" demo --orders 300
    said 0 'Account demo is ready'
    run "$there/bin/souk" --data "$work/installed" show orders
    said 0 '' 'Late'
    grep -qE 'policy file|seller_fulfilled' "$work/out" && echo "policies or texts were not found"
    for file in share/man/man1/souk.1 include/souk/widget.h share/bash-completion/completions/souk \
                share/souk/policies/DE.ini etc/souk/plugins.ini; do
        [ -s "$there/$file" ] || echo "no $file"
    done)"
check "an installed plugins.ini is left as it is" "$(
    echo '; mine' >>"$work/root/usr/local/etc/souk/plugins.ini"
    make -s -o all install BUILD="${BUILD:-build}" DESTDIR="$work/root" PREFIX=/usr/local >"$work/make" 2>&1 || cat "$work/make"
    tail -n 1 "$work/root/usr/local/etc/souk/plugins.ini" | grep -q mine || echo "it was overwritten")"

# ---- imports ------------------------------------------------------------------------------------------------------------
counts() { py -c '
import json, sys
of = json.load(open(sys.argv[1]))["imports"]
print(*(sum(i.get(k, 0) for i in of) for k in ("rows", "accepted", "unchanged", "rejected")), len([i for i in of if "error" in i]))
' "$work/out"; }
before=$(state demo)
run souk import --json "$work/files"
# shellcheck disable=SC2046
check "a folder that is imported again changes nothing" "$(said 5 '*'
    set -- $(counts)
    [ "$1" -gt 3000 ] || echo "only $1 rows"
    [ "$2" -eq 0 ] || echo "$2 rows accepted"
    [ "$5" -eq 0 ] || echo "$5 files failed"
    [ $(($2 + $3 + $4)) -eq "$1" ] || echo "accepted, unchanged and rejected are not all rows: $*"
    same state "$(state demo)" "$before")"
check "a file with rejected rows is one notice, however often it is imported" "$(
    value -a demo "SELECT subject FROM v1_notices WHERE kind = 'import.rejected' GROUP BY subject HAVING count(*) > 1"
    [ "$(value -a demo "SELECT count(*) FROM v1_notices WHERE kind = 'import.rejected'")" -gt 0 ] || echo "no notice")"

souk account create plain 2>/dev/null
souk account create packed 2>/dev/null
souk account create piped 2>/dev/null
cp -rp "$work/files" "$work/packed"
gzip -r "$work/packed"
souk import -a plain "$work/files" 2>/dev/null
run souk import -a packed "$work/packed"
check "gzipped files give the same as plain ones" "$(said 5 'rejected'
    same state "$(state packed)" "$(state plain)")"
check "standard input gives the same, plain and gzipped" "$(
    for file in "$work"/files/*orders*; do
        base=${file##*/}
        code=${base%%.*}; code=${code##*-}
        "$program" --data "$data" import -a piped - <"$file" 2>"$work/err" || [ $? -eq 5 ] || cat "$work/err"
        gzip -c "$file" | "$program" --data "$data" import -a piped - 2>"$work/err" || [ $? -eq 5 ] || cat "$work/err"
        grep -q ' 0 accepted' "$work/err" || cat "$work/err"
    done
    for view in v1_orders v1_order_lines v1_sales_daily v1_sku_30d; do
        same $view "$(souk query -a piped "SELECT * FROM $view" | sort | cksum)" "$(souk query -a plain "SELECT * FROM $view" | sort | cksum)"
    done)"

# A row that does not fit is written out, mended and imported again.
orders=$(ls "$work"/files/*orders*US* 2>/dev/null || ls "$work"/files/*US*orders*)
souk account create mend 2>/dev/null
head -n 1 "$orders" >"$work/two.txt"
sed -n '2,3p' "$orders" | awk -F '\t' -v OFS='\t' 'NR == 2 { $3 = "the day before" } { print }' >>"$work/two.txt"
run souk import -a mend "$work/two.txt"
check "a row that does not fit is kept aside, the others are imported" "$(said 5 '2 rows: 1 accepted, 0 unchanged, 1 rejected' '')"
run souk rejects -a mend 1
cp "$work/out" "$work/mend.txt"
check "rejects writes header and row to stdout, the reason to stderr" "$(said 0 '^line 3, purchase-date: .*the day before'
    same lines "$(wc -l <"$work/mend.txt" | tr -d ' ')" 2
    same header "$(head -n 1 "$work/mend.txt")" "$(head -n 1 "$orders")")"
date=$(sed -n 3p "$orders" | cut -f 3)
sed -i "s/the day before/$date/" "$work/mend.txt"
run souk import -a mend "$work/mend.txt"
check "mended rejects can be imported" "$(said 0 '1 row: 1 accepted, 0 unchanged, 0 rejected' '')"
check "every row of every kind of file that was rejected can be written out" "$(
    for no in $(value -a plain "SELECT import FROM v1_imports WHERE rejected > 0"); do
        run souk rejects -a plain "$no"
        said 0 '^line [0-9]+'
        rows=$(value -a plain "SELECT rejected FROM v1_imports WHERE import = $no")
        same "rows of import $no" $(($(wc -l <"$work/out") - 1)) "$rows"
        same "reasons of import $no" "$(grep -c '^line ' "$work/err")" "$rows"
        grep -E ': [a-z_]+(\.[a-z_]+)?$' "$work/err"     # a message key that has no text
    done)"

# ---- queries --------------------------------------------------------------------------------------------------------------
while IFS='|' read -r wanted says sql; do
    run souk query "$sql"
    check "query refuses: $sql" "$(said "$wanted" "$says" '')"
done <<'END'
4|.|SELECT * FROM orders
4|.|SELECT name FROM sqlite_schema
4|.|SELECT count(*) FROM order_line
4|.|WITH v1_orders AS (SELECT * FROM orders) SELECT * FROM v1_orders
4|.|WITH orders AS (SELECT 1) SELECT * FROM orders
4|.|SELECT * FROM main.v1_orders
4|.|SELECT (SELECT count(*) FROM ledger) FROM v1_orders
4|.|SELECT order_id FROM v1_orders UNION SELECT name FROM pragma_table_info('orders')
4|.|SELECT load_extension('x') FROM v1_orders
4|.|SELECT load_extension('x') FROM v1_orders
4|.|INSERT INTO orders (no) VALUES (1)
4|.|DELETE FROM v1_orders
4|.|UPDATE v1_orders SET state = 'x'
4|.|DROP VIEW v1_orders
4|.|ATTACH 'x.db' AS x
4|.|PRAGMA table_info(orders)
4|.|VACUUM INTO 'x.db'
65|not well-formed|SELECT nothing FROM v1_orders
65|--set m=VALUE|SELECT * FROM v1_orders WHERE market = :m
END
run souk query 'SELECT 1 FROM v1_orders; DELETE FROM v1_orders'
check "query refuses a second statement" "$(code=$((code == 65 ? 4 : code)); said 4 '.' '')"
check "after all of these nothing is gone" "$(same state "$(state demo)" "$before")"
run souk query "SELECT market, count(*) AS orders FROM v1_orders WHERE state <> :state GROUP BY market ORDER BY market" --set state=cancelled
check "query writes CSV to stdout" "$(said 0 '' '^A1PA6795UKMFR9,[0-9]+.$'
    same header "$(head -n 1 "$work/out" | tr -d '\r')" market,orders
    same lines "$(wc -l <"$work/out" | tr -d ' ')" 4)"

run souk query "SELECT length(:sku) AS letters FROM v1_markets LIMIT 1" --set sku=007
check "query: a parameter such as a SKU keeps its leading zeros" "$(said 0 '' '^3.$')"

# ---- schema ----------------------------------------------------------------------------------------------------------------
run souk schema
check "schema prints each view with its meaning" "$(said 0 ''
    for view in $(sed -n 's/^CREATE VIEW \(v1_[a-z0-9_]*\) (.*/\1/p' host/data/schema/views.sql); do
        grep -qE "^$view: [A-Z].*\.$" "$work/out" || echo "no $view"
    done)"
check "schema documents exactly the columns that each view has" "$(
    souk --json schema | py -c '
import json, sys
for view in json.load(sys.stdin)["views"]:
    print(view["view"], *(c["column"] for c in view["columns"]), sep=",")
    if not view["about"] or not all(c["type"] and c["meaning"] for c in view["columns"]):
        print("something is not said of", view["view"])
' >"$work/documented"
    [ -s "$work/documented" ] || echo "nothing"
    while IFS=, read -r view columns; do
        same "$view" "$columns" "$(souk query "SELECT * FROM $view LIMIT 1" | head -n 1 | tr -d '\r')"
    done <"$work/documented")"
run souk schema v1_cycles
check "schema of one view" "$(said 0 '' '^  missing +money/currency +total minus line_sum'
    same views "$(grep -c '^v1_' "$work/out")" 1)"
run souk schema --records
check "schema --records prints the kinds of records" "$(said 0 '' '^order_line: ')"

# ---- widgets in the terminal --------------------------------------------------------------------------------------------------
for widget in sales orders payments; do
    run souk show $widget
    check "show $widget as text" "$(said 0 '' 'Amazon\.de'
        grep -n "$(printf '\033')" "$work/out"
        grep -nE '\{[a-z]|[^ -~]?null' "$work/out")"
    cp "$work/out" "$work/$widget.txt"
    run souk show $widget --json
    check "show $widget as JSON has the same figures, each with its why" "$(said 0 ''
        py - "$work/out" "$work/$widget.txt" <<'END'
import json, sys
view, text, figures = json.load(open(sys.argv[1])), open(sys.argv[2], encoding="utf-8").read(), 0
def walk(elements):
    global figures
    for e in elements:
        if e["kind"] == "stat":
            figures += 1
            if not e.get("why") or not (e["why"].get("rows") or e["why"].get("formula")):
                print("no why:", e["label"])
            if e["value"]["text"] not in text:
                print("not in the text:", e["label"], e["value"]["text"])
        if e["kind"] in ("table", "chart") and not e.get("why"):
            print("no why:", e["title"])
        walk(e.get("elements", []))
walk(view["elements"])
if view["widget"] not in ("sales", "orders", "payments") or figures < 3:
    print("only", figures, "figures")
END
    )"
done
run souk show sales --market DE
check "show takes a market" "$(said 0 '' 'Amazon\.de'; grep -n 'Amazon.com' "$work/out")"
run souk show sales --market DE --period 7d
check "show takes a period" "$(said 0 '' '(26 Oct|Oct 26).*2026 to .*(1 Nov|Nov 1).*2026')"
with=$(souk show sales --json --market US)
without=$(souk show sales --json --market US --set pending=without)
check "show takes an option of the widget" "$([ "$with" != "$without" ] || echo "it changes nothing")"
run souk show sales --market FR
check "show: a market the account does not have" "$(said 65 "has no market 'FR'; it has US, DE, JP" '')"
run souk show sales --period fortnight
check "show: a period that makes no sense" "$(said 65 "'fortnight' is no period" '')"
run souk show sales --set pending=perhaps
check "show: a choice that is none" "$(said 65 "The field \"pending\": 'perhaps' cannot be chosen; there are with, without." '')"
run souk show sales -a second
check "show: no data yet" "$(said 0 '' 'The report that brings it: All orders')"

# ---- on a terminal -------------------------------------------------------------------------------------------------------------------
cat >"$work/terminal.py" <<'END'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm")
    os.environ.pop("NO_COLOR", None)
    os.execv(sys.argv[1], sys.argv[1:])
said = b""
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:
        break
    if not more:
        break
    said += more
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
escape=$(printf '\033')
run python3 "$work/terminal.py" "$program" --data "$data" show orders
check "on a terminal figures have colours" "$(said 0 '' "$escape\[31m")"
run python3 "$work/terminal.py" "$program" --data "$data" show orders --no-color
check "--no-color: there are none" "$(said 0 '' 'Late'; grep -n "$escape" "$work/out")"
run python3 "$work/terminal.py" "$program" --data "$data" import -a third "$orders"
check "on a terminal an import shows how far it is, and wipes it away" "$(said 5 '' "all-orders-US\.txt \[=* *\] [0-9]+ %.*$escape\[K.*rows:")"

# ---- pseudo-locale: what is plain English there did not come from a catalogue -----------------------------------------------------
souk query "SELECT DISTINCT sku, title FROM v1_order_lines" >"$work/words"
souk query "SELECT type, kind, detail FROM v1_cycle_totals" >>"$work/words"
souk query "SELECT DISTINCT state, fulfilment FROM v1_order_lines" >>"$work/words"
souk query "SELECT DISTINCT asin FROM v1_order_lines" >>"$work/words"
souk query "SELECT DISTINCT settlement_id FROM v1_cycles" >>"$work/words"
while read -r what; do souk query "SELECT $what" >>"$work/words"; done <<'END'
claim_id, kind, state, outcome, reason FROM v1_claims
subject, buyer FROM v1_threads
case_id, subject, state FROM v1_cases
kind, subject, before, after, ref FROM v1_notices
name, kind, status, discount FROM v1_promotions
DISTINCT asin, sku FROM v1_traffic_products
rule, text FROM v1_suggestions
DISTINCT comment, response FROM v1_feedback
rule, title, file FROM v1_rules
END
serve
i=0
for widget in sales orders payments; do
    souk show $widget --lang en-XA >"$work/pseudo.$((i += 1)).txt"
    curl -s "$address/a/demo/w/$widget?lang=en-XA" >"$work/pseudo.$((i += 1)).html"
done
souk show --lang en-XA | sed 's/^[a-z]* *//' >"$work/pseudo.$((i += 1)).txt"
curl -s "$address/a/demo/?lang=en-XA" >"$work/pseudo.$((i += 1)).html"
curl -s "$address/?lang=en-XA" >"$work/pseudo.$((i += 1)).html"
check "no plain English on pages and in the terminal in the pseudo-locale" "$(py - "$work" <<'END'
import glob, html.parser, re, sys
data = set(re.findall(r"[A-Za-z]+", open(sys.argv[1] + "/words", encoding="utf-8").read()))
data |= set("Amazon com de co jp USD EUR JPY US UTC GMT PDT PST CET CEST JST AM PM".split())      # names, currencies, zones
data |= set("ca mx br uk fr it es nl se pl be tr ae sa eg in sg".split())                       # endings of marketplaces
data |= set("demo second third fourth plain packed piped mend".split())                       # accounts
data |= set("Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec".split())                        # written by ICU
data |= set("Germany United States Japan day days hr min sec".split())                              # and these: countries, durations
data |= set("America Los Angeles Europe Berlin Asia Tokyo Pacific Central European Japan Standard Daylight Summer Time".split())
class Texts(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.said, self.silent, self.in_article = [], 0, False
    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        to = dict(attrs).get("href") or ""
        if tag == "a" and ("/help/faq/" in to or to.startswith("https://")):    # articles are in the language of their folder
            self.silent += 1
            self.in_article = True
        self.said += [v for k, v in attrs if v and k in ("aria-label", "title", "alt", "placeholder")]
    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")
        if tag == "a" and self.in_article:
            self.silent -= 1
            self.in_article = False
    def handle_data(self, text):
        if not self.silent:
            self.said.append(text)
for name in sorted(glob.glob(sys.argv[1] + "/pseudo.*")):
    text = open(name, encoding="utf-8").read()
    said = [text]
    if name.endswith("html"):
        texts = Texts()
        texts.feed(text)
        said = texts.said
    if "[" not in text:
        print(name, "is not in the pseudo-locale")
    for one in said:
        whole = re.sub(r"\w+…", "", one)                     # the terminal cuts words
        plain = [w for w in re.findall(r"(?<![^\W\d_])[A-Za-z]{2,}(?![^\W\d_])", whole) if w not in data]
        if plain:
            print(name.rsplit("/", 1)[1], "says", *plain, "in:", one.strip()[:100])
END
)"
stop
done_testing

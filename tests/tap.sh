# SPDX-License-Identifier: Apache-2.0
# tap.sh: what the shell tests share; sourced by them.
#
# in:     BUILD, the build to test (default: build)
# out:    TAP on stdout; a folder $work of the test's own, gone at its end like every server it started
# knows:  how to run souk and how to say what came of it
set -u
export LC_ALL=C.UTF-8 NO_COLOR=1
unset SOUK_DATA SOUK_ACCOUNT
build=$(realpath "${BUILD:-build}")
program=$build/souk
[ -x "$program" ] || { echo "not ok 1 - there is no $program"; exit 1; }
reports=${SOUK_REPORTS:-}
work=$(mktemp -d "${TMPDIR:-/tmp}/souk-test.XXXXXX")
data=$work/data
servers=
n=0
# What an instrumented build says differs in memory and time.
if nm "$program" 2>/dev/null | grep -q __asan_init; then is_sanitized=1; else is_sanitized=; fi

clean_up() {
    # shellcheck disable=SC2086
    [ -z "$servers" ] || kill -9 $servers 2>/dev/null
    wait 2>/dev/null
    chmod -R u+rwX "$work" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

check() {                                               # NAME FINDINGS: passes when there are none
    n=$((n + 1))
    if [ -z "$2" ]; then
        printf 'ok %d - %s\n' "$n" "$1"
    else
        printf 'not ok %d - %s\n' "$n" "$1"
        printf '%s\n' "$2" | head -n 40 | sed 's/^/# /'
    fi
}

skip() {                                                # NAME WHY
    n=$((n + 1))
    printf 'ok %d - %s # SKIP %s\n' "$n" "$1" "$2"
}

done_testing() { echo "1..$n"; }

souk() { "$program" --data "$data" "$@"; }

run() {                                                 # COMMAND...: leaves $code, $work/out and $work/err
    "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
}

# Findings about the last run: its exit code, and what stderr (and stdout) must say, as extended regular
# expressions; "" where it must say nothing, "*" where it may say anything.
said() {                                                # CODE STDERR [STDOUT]
    [ "$code" -eq "$1" ] || echo "exit code $code instead of $1"
    stream_said stderr "$work/err" "$2"
    stream_said stdout "$work/out" "${3-*}"
    if grep -qE 'AddressSanitizer|runtime error:|LeakSanitizer' "$work/err"; then cat "$work/err"; fi
    return 0
}

stream_said() {                                         # NAME FILE WHAT
    case $3 in
    '*') ;;
    '') [ ! -s "$2" ] || { echo "$1 is not empty:"; head -n 5 "$2"; } ;;
    *) grep -qE -e "$3" "$2" || { echo "$1 does not say /$3/:"; head -n 5 "$2"; } ;;
    esac
}

py() { python3 "$@" 2>&1; }                             # what it says is a finding, also that it failed

same() {                                                # WHAT ONE OTHER: findings when two texts differ
    [ "$2" = "$3" ] && return
    printf '%s\n' "$2" >"$work/same.1"
    printf '%s\n' "$3" >"$work/same.2"
    echo "$1:"
    diff "$work/same.1" "$work/same.2"
    return 0
}

value() { souk query "$@" | sed 1d | tr -d '\r'; }     # the rows without their header

# What the views of an account tell, in no particular order; imports, events, the audit log and notices of imports apart.
state() {                                               # ACCOUNT
    for view in $("$program" schema | sed -n '/^v1_imports\|^v1_events\|^v1_audit\|^v1_rules/d; s/^\(v1_[a-z0-9_]*\):.*/\1/p'); do
        where=
        [ "$view" = v1_notices ] && where="WHERE class <> 'import'"
        echo "$view $(souk query -a "$1" "SELECT * FROM $view $where" 2>&1 | sort | cksum)"
    done
}

# Everything that is stored, down to the seals of the ledger; how long an import took, and when rules ran, is nobody's doing.
content() {                                             # ACCOUNT
    # Of a copy, without times and without the notice that a file could not be imported, which is no part of it.
    rm -f "$work/content.db"
    sqlite3 "$data/accounts/$1.db" "PRAGMA integrity_check" ".backup $work/content.db" | tr '\n' ' '
    sqlite3 "$work/content.db" "UPDATE import SET took_ms = 0" "UPDATE rule_run SET at_s = 0, took_us = 0" \
        "DELETE FROM notice WHERE kind = 'import.failed'" "DROP TABLE record_text" "DROP TABLE touched" .sha3sum | tr '\n' ' '
}

# Starts `souk serve` on a free port, without a sign-in unless $people is set; sets $server and $address (without a slash
# at its end).
serve() {                                               # [OPTION...]
    : >"$work/address"
    "$program" --data "$data" serve --port 0 $([ -n "${people:-}" ] || echo --no-sign-in) "$@" >"$work/address" 2>"$work/serve.err" &
    server=$!
    servers="$servers $server"
    tries=0
    until grep -q '^Souk is at ' "$work/address"; do
        if ! kill -0 "$server" 2>/dev/null || [ $((tries += 1)) -gt 1000 ]; then
            echo "# souk serve did not start:"
            sed 's/^/# /' "$work/serve.err"
            return 1
        fi
        sleep 0.02
    done
    address=$(sed -n 's|^Souk is at \(.*\)/$|\1|p' "$work/address")
}

stop() {                                                # ends the last server: $code
    kill -TERM "$server"
    wait "$server"
    code=$?
}

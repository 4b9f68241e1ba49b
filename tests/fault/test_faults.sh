# SPDX-License-Identifier: Apache-2.0
# What happens when it happens in the middle: kill -9 at any moment of an import and while serving, SIGTERM
# under load, and calls of the system that fail.  Afterwards a file is there wholly or not at all, and the
# same command again gives what an undisturbed run gives, byte for byte.  TAP.
#   SOUK_KILLS   how often an import is killed (default 40)
. tests/tap.sh
export SOUK_NOW=2026-11-01T12:00:00Z SOUK_ACCOUNT=shop
kills=${SOUK_KILLS:-40}

# An account that has something of everything, and the file that is imported next.
souk demo --orders 2000 --out "$work/files" >/dev/null
first="$work/files/listings-US.txt $work/files/fba-stock-US.txt $work/files/all-orders-DE.txt $work/files/payments-US.csv
       $(find "$work/files" -name 'settlement-US-*' | sort | head -n 3)"
orders=$work/files/all-orders-US.txt
settlement=$(find "$work/files" -name 'settlement-US-*' | sort | sed -n 4p)
souk account create shop 2>/dev/null
# shellcheck disable=SC2086
souk import $first 2>/dev/null
mv "$data" "$work/base"

again() { rm -rf "$data"; cp -rp "$work/base" "$data"; }
imports() { value "SELECT count(*) FROM v1_imports"; }

again
base=$(imports)
began=$(date +%s%N)
souk import "$orders" "$settlement" 2>/dev/null
took_ms=$((($(date +%s%N) - began) / 1000000))
# Of both files, as an undisturbed run leaves them.
whole=$(content shop)
check "an undisturbed import of $took_ms ms" "$(same imports "$(imports)" $((base + 2)))"
again
souk import "$orders" "$settlement" 2>/dev/null
check "two undisturbed runs leave the same" "$(same content "$(content shop)" "$whole")"

# ---- kill -9 ------------------------------------------------------------------------------------------------
check "kill -9 at $kills moments of an import: wholly there or not at all, and again gives the same" "$(py - "$program" "$work" "$kills" "$took_ms" "$base" "$orders" "$settlement" <<'END'
import os, random, shutil, signal, subprocess, sys, time
program, work, kills, took_ms, base, *files = sys.argv[1:]
kills, took_s, base, data = int(kills), int(took_ms) / 1000, int(base), work + "/data"
seed = random.randrange(1 << 30)
chance = random.Random(seed)
faults, states = [], {0: 0, 1: 0, 2: 0}

def souk(*words, **more):
    return subprocess.run([program, "--data", data, *words], capture_output=True, text=True, **more)

def stored():
    """The words of content in tap.sh; suggestions, which a later run of the rules says again, are left out."""
    return subprocess.run(["sqlite3", data + "/accounts/shop.db", "PRAGMA integrity_check", "UPDATE import SET took_ms = 0",
                           "DELETE FROM rule_run", "DELETE FROM suggestion", "DELETE FROM suggestion_fact",
                           "DELETE FROM touched WHERE area = 'suggestions'", ".sha3sum"], capture_output=True, text=True).stdout

def anew():
    shutil.rmtree(data)
    shutil.copytree(work + "/base", data)

expected = {}
anew()
expected[0] = stored()
souk("import", files[0])
expected[1] = stored()
souk("import", files[1])
expected[2] = stored()
for i in range(kills):
    anew()
    child = subprocess.Popen([program, "--data", data, "import", *files], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.random() * took_s * 1.1)
    child.send_signal(signal.SIGKILL)
    child.wait()
    listed = souk("query", "SELECT count(*) FROM v1_imports")
    if listed.returncode:
        faults.append(f"kill {i}: {listed.stderr}")
        continue
    n = int(listed.stdout.split()[1]) - base
    if n not in expected:
        faults.append(f"kill {i}: {n} imports more than before")
        continue
    states[n] += 1
    if stored() != expected[n]:
        faults.append(f"kill {i}: with {n} of the files listed, something else is stored")
    retry = souk("import", *files[n:]) if n < 2 else None
    if retry and retry.returncode not in (0, 5):
        faults.append(f"kill {i}: again: exit code {retry.returncode}: {retry.stderr}")
    elif stored() != expected[2]:
        faults.append(f"kill {i}: imported again, something else is stored")
    if os.listdir(data + "/spool"):
        faults.append(f"kill {i}: left in the spool: {os.listdir(data + '/spool')}")
print("\n".join(faults[:10]))
if faults:
    print(f"seed {seed}")
if kills >= 40 and states[0] < 3:
    print(f"hardly a kill came in time: {states}")
END
)"

again
souk rule run -a shop >/dev/null 2>&1                  # so that nothing is new to the coach of the server
page() { curl -s "$address/a/shop/" | sed 's/value="[0-9a-f]\{32,\}"//g'; }     # without the keys that forms are sealed with
serve
page >"$work/before.html"
(while curl -s -o /dev/null "$address/a/shop/w/sales"; do :; done) &
sleep 0.2
kill -9 "$server"
wait
serve
check "kill -9 while serving: the folder is free at once, and the page is the same" "$(
    page | cmp - "$work/before.html" 2>&1)"
stop

# ---- SIGTERM under load ------------------------------------------------------------------------------------------
again
serve
check "SIGTERM under load: what was begun is finished, and the exit code is 0" "$(py - "$server" "$address" <<'END'
import http.client, os, signal, sys, threading, time
server, where = int(sys.argv[1]), sys.argv[2].removeprefix("http://")
done, faults, over = [0], [], threading.Event()

def ask(path, keep):
    link = None
    while not over.is_set():
        try:
            link = link if keep and link else http.client.HTTPConnection(where, timeout=10)
            link.request("GET", path)
            reply = link.getresponse()
            body = reply.read()
            if reply.status != 200 or not body.rstrip().endswith((b"</html>", b"}")):
                faults.append(f"{path}: {reply.status}, {len(body)} bytes")
            done[0] += 1
        except http.client.IncompleteRead as cut:
            faults.append(f"{path}: cut off: {cut}")
        except (ConnectionError, http.client.RemoteDisconnected):
            return                                       # not begun: the server is closed
        except OSError as fault:
            faults.append(f"{path}: {fault!r}")
            return

paths = ["/a/shop/", "/a/shop/w/sales", "/api/v1/a/shop/widgets/orders", "/a/shop/q/payments/cycles"]
threads = [threading.Thread(target=ask, args=(paths[i % 4], i % 2)) for i in range(8)]
for t in threads:
    t.start()
until = time.monotonic() + 30                            # a busy machine takes longer
while done[0] < 20 and time.monotonic() < until:
    time.sleep(0.05)
os.kill(server, signal.SIGTERM)
time.sleep(0.3)
over.set()
for t in threads:
    t.join(20)
if any(t.is_alive() for t in threads):
    faults.append("somebody still waits")
if done[0] < 20:
    faults.append(f"only {done[0]} requests")
print("\n".join(faults[:10]))
END
)"
wait "$server"
check "SIGTERM: exit code" "$(same code $? 0)"
check "SIGINT, which is Ctrl-C, ends it as well" "$(py - "$program" "$data" <<'END'
import signal, subprocess, sys
# What a shell starts in the background ignores SIGINT; a terminal's child does not.
child = subprocess.Popen([sys.argv[1], "--data", sys.argv[2], "serve", "--port", "0", "--no-sign-in"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
child.stdout.readline()
child.send_signal(signal.SIGINT)
try:
    if child.wait(20):
        print("exit code", child.returncode)
except subprocess.TimeoutExpired:
    print("it still runs")
    child.kill()
END
)"

# ---- calls that fail ------------------------------------------------------------------------------------------------
# Each number N: the N-th call of this kind fails, or all from the N-th on ("N+").
if [ -n "$is_sanitized" ]; then
    skip "calls of the system that fail" "strace and the leak checker do not go together"
elif ! strace -o /dev/null -e inject=fsync:error=EIO:when=1 true 2>/dev/null; then
    skip "calls of the system that fail" "strace cannot trace here"
else
    again
    strace -f -o "$work/calls" -e trace=pwrite64,fsync,fdatasync,ftruncate "$program" --data "$data" import "$settlement" 2>/dev/null
    only=$(content shop)
    again
    none=$(content shop)
    for call in pwrite64 fsync,fdatasync; do
        count=$(grep -cE "^[0-9]+ +($(echo $call | tr , '|'))\(" "$work/calls")
        [ "$count" -gt 0 ] || { skip "$call fails" "an import does not call it"; continue; }
        for error in ENOSPC EIO; do
            check "$call fails with $error at several of its $count times" "$(
                refused=0
                for when in 1 2 $((count / 2)) $((count - 1)) 2+ "$((count / 2))+"; do
                    again
                    strace -f -o /dev/null -e "inject=$call:error=$error:when=$when" "$program" --data "$data" import "$settlement" >"$work/out" 2>"$work/err"
                    code=$?
                    if [ $code -eq 0 ]; then
                        same "at $when it succeeded, but content" "$(content shop)" "$only"
                        continue
                    fi
                    refused=$((refused + 1))
                    case $error in
                    ENOSPC) wanted='Disk full|No space left|the disk fails' ;;   # of a sync SQLite keeps no reason
                    EIO) wanted='cannot be read or written|cannot be written|Input/output error' ;;
                    esac
                    said 74 "$wanted" '' | sed "s/^/at $when: /"
                    same "at $when, content" "$(content shop)" "$none"
                    souk import "$settlement" 2>"$work/err" || { echo "at $when, again:"; cat "$work/err"; }
                    same "at $when, content after the next try" "$(content shop)" "$only"
                done
                [ "$refused" -ge 2 ] || echo "only $refused failures were noticed")"
        done
    done
    again
    strace -f -o /dev/null -e inject=openat:error=EMFILE:when=70+ "$program" --data "$data" import "$settlement" >"$work/out" 2>"$work/err"
    code=$?
    check "no more files can be opened: a sentence, and nothing changed" "$([ $code -gt 2 ] && [ $code -lt 80 ] || echo "exit code $code"
        grep -q '^souk: ' "$work/err" || cat "$work/err"
        same content "$(content shop)" "$none")"

    # A save of settings is killed at each call that writes or names a file, one after the other.
    save() { "$@" "$program" --data "$work/own" do -a small settings.business.save legal_name="New GmbH" address.street="Weg 2" address.city=Kiel address.country=DE; }
    kept() { "$program" --data "$1" query -a small "SELECT field, inner, text FROM v1_settings ORDER BY 1, 2"; }
    rm -rf "$work/own" "$work/old" && mkdir "$work/own"
    "$program" --data "$work/own" account create small 2>/dev/null
    "$program" --data "$work/own" do -a small settings.business.save legal_name="Old GmbH" address.street="Weg 1" address.city=Kiel address.country=DE >/dev/null 2>&1
    cp -rp "$work/own" "$work/old"
    before=$(kept "$work/old")
    calls="pwrite64 write fsync fdatasync ftruncate unlink rename fcntl"
    save strace -f -o "$work/calls" -e "trace=$(echo $calls | tr ' ' ,)" >/dev/null 2>&1
    after=$(kept "$work/own")
    count=$(grep -cE '^[0-9]+ +[a-z0-9]+\(' "$work/calls")
    check "kill -9 at each of the $count calls of a save of settings: the old or the new, whole" "$(
        [ "$before" != "$after" ] || echo "the save changes nothing"
        killed=0 old=0 new=0
        for call in $calls; do                          # each kind has a count of its own
            at=0
            while [ $((at += 1)) -le "$(grep -cE "^[0-9]+ +$call\\(" "$work/calls")" ]; do
                rm -rf "$work/own" && cp -rp "$work/old" "$work/own"
                save strace -f -o /dev/null -e "inject=$call:signal=KILL:when=$at" >/dev/null 2>&1 || killed=$((killed + 1))
                is=$(kept "$work/own" 2>&1)
                case $is in
                "$before") old=$((old + 1)) ;;
                "$after") new=$((new + 1)) ;;
                *) printf 'at %s %d:\n%s\n' $call $at "$is" ;;
                esac
            done
        done
        [ $killed -ge $((count - 2)) ] || echo "only $killed of $count were killed"
        [ $old -gt 0 ] && [ $new -gt 0 ] || echo "$old times the old, $new times the new")"
fi
done_testing

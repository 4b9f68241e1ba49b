#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# host/ROOMS holds: calls go down only, a library's header is seen by the rooms named, plugins see only
# souk/*.h, and only html writes markup.  TAP.
set -u
n=0
check() {                                               # NAME FINDINGS
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        echo "$2" | sed 's/^/# /'
    fi
}

check "calls go down only" "$(awk '
    FILENAME == "host/ROOMS" { if ($1 == "floor") { below[$2] = " " $2 " "; for (i = 3; i <= NF; i++) below[$2] = below[$2] $i " " } next }
    FNR == 1 { split(FILENAME, part, "/"); mine = part[2]; if (!(mine in below)) print FILENAME ": its floor is not in host/ROOMS" }
    /^#include "[a-z]+\// { split($2, path, /["\/]/); if (index(below[mine], " " path[2] " ") == 0) print FILENAME ":" FNR ": " mine " may not include " path[2] }
' host/ROOMS host/*/*.c host/*/*.h host/*/*.cc)"

check "libraries are seen by the rooms named" "$(awk '
    FILENAME == "host/ROOMS" { if ($1 == "only") { allowed[$2] = " "; for (i = 3; i <= NF; i++) allowed[$2] = allowed[$2] $i " " } next }
    /^#include </ { for (lib in allowed) if (index($2, "<" lib) == 1) { room = substr(FILENAME, 6); if (index(allowed[lib], " " room " ") == 0) print FILENAME ":" FNR ": may not see " lib } }
' host/ROOMS host/*/*.c host/*/*.h host/*/*.cc)"

check "plugins include only souk/*.h, headers of their own folder, the C library and what their libs name" "$(
    grep -n '^#include' plugins/*/*/*.[ch] sdk/template/*.c | grep -v '<souk/[a-z]*\.h>$\|<string\.h>$\|<stdlib\.h>$\|"[a-z_]*\.h"$' |
    while IFS=: read -r file line include; do           # <gmime/gmime.h> may stand where libs says gmime-3.0, which brings <glib.h>
        libs=$(cat "$(dirname "$file")/libs" 2>/dev/null)
        case "$include $libs" in
        '#include <gmime/gmime.h> gmime-3.0' | '#include <glib.h> gmime-3.0') ;;
        *) echo "$file:$line: $include" ;;
        esac
    done)"
check "the SDK includes only itself and stdint" "$(grep -n '^#include' sdk/souk/*.h | grep -v '<souk/[a-z]*\.h>$\|<stdint.h>$\|<stddef.h>$')"
check "only html writes markup" "$(grep -nE '"[^"]*<(/?[a-z]+[ >]|!DOCTYPE)' host/*/*.c | grep -v '^host/face/html[a-z_]*\.c:' | grep -v '#include')"
check "only main ends the program" "$(grep -nE '\b(exit|_exit|quick_exit)\(' host/*/*.c)"
check "every file names its licence" "$(git ls-files 2>/dev/null | grep -E '\.(c|cc|h|sql|sh|js|css|txt|ini|lua|mjs|md)$|^tools/|^tests/.*run$|^bench/|Makefile' | grep -v -e '^tests/import/files/' -e '^tests/import/variants/' -e '^tests/.*layout.txt' -e package-lock -e '^LICENSE' -e '\.tsv$' | while read -r file; do
    [ -f "$file" ] || continue
    head -n 5 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$file"
done)"
check "no machine's own paths" "$(git grep -nE '(^|[ "=(])/(home|root)/[a-z]' 2>/dev/null | head -5)"
echo "1..$n"

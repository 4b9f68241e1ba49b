#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the SDK promises outside of C: a plugin shows one symbol and asks the host for none, and each
# header can be read on its own, as C and as C++.  TAP.
set -u
. tests/tap.sh

# Names that begin with __ are the compiler's.
shown() { nm -D --defined-only "$1" | awk '$NF !~ /^__/ { print $NF }' | tr '\n' ' '; }

found=0
check "a plugin exports souk_plugin_v0 and nothing else" "$(
    for so in "$build"/plugins/*/*/*.so "$build"/tests/plugin/*.so; do
        case $so in *'*'*|*/no_entry.so) continue ;; esac
        symbols=$(shown "$so")
        [ "$symbols" = "souk_plugin_v0 " ] || echo "$so: $symbols"
    done)"
check "no plugin asks the host for a symbol" "$(
    for so in "$build"/plugins/*/*/*.so "$build"/tests/plugin/*.so; do
        case $so in *'*'*) continue ;; esac
        nm -D --undefined-only "$so" | grep -i ' souk' | sed "s|^|$so:|"
    done)"
for so in "$build"/tests/plugin/*.so; do [ -e "$so" ] && found=$((found + 1)); done
check "there are test plugins to look at" "$([ "$found" -gt 10 ] || echo "only $found")"

headers() {                                             # NAME COMMAND...: each header alone, read twice
    name=$1
    shift
    command -v "$1" >/dev/null 2>&1 || { skip "headers as $name" "$1 is not installed"; return; }
    check "headers as $name" "$(
        for header in sdk/souk/*.h; do
            file=souk/$(basename "$header")
            printf '#include <%s>\n#include <%s>\n' "$file" "$file" |
                "$@" -Wall -Wextra -Wpedantic -Wshadow -Werror -Wno-unused-function -Isdk -fsyntax-only - 2>&1
        done)"
}
headers "C11, gcc" gcc -std=c11 -x c
headers "C11, clang" clang -std=c11 -x c
headers "C++17, g++" g++ -std=c++17 -x c++
headers "C++17, clang++" clang++ -std=c++17 -x c++
headers "C++20, g++" g++ -std=c++20 -x c++
check "the smallest useful widget has 40 lines at most" "$(awk 'END { if (NR > 40) print NR " lines" }' sdk/template/widget.c)"
done_testing

# SPDX-License-Identifier: Apache-2.0
# The documentation holds: in README.md and every other Markdown file
#   ```sh     is run, line by line, with a data folder of its own per file and souk on the PATH
#   ```sql    is run by souk query after them
#   ```c      is compiled against the SDK, and asked for by the doctor where it is a plugin; it is the file
#             that a comment before it names ("the code below is FILE")
#   ```ini    is read as plugins.ini
#   ```json   is well-formed
#   ```lua    is a rule, a library or cases, as its first line says; their cases pass together
#   ```       is shown only, but what it builds with make there must be
# and links, pictures and files that are named are there.  The examples of man page and help run too.  TAP.
. tests/tap.sh
export SOUK_NOW=2026-11-30T12:00:00Z
mkdir "$work/bin" "$work/block" "$work/here"
ln -s "$program" "$work/bin/souk"
flags="-std=c11 -O2 -Wall -Wextra -Wpedantic -Wshadow -Werror -fPIC -fvisibility=hidden -Isdk"

# Runs one command of the documentation; rows that are rejected are no failure of it.
command_of_docs() {
    (cd "$work/here" && PATH="$work/bin:$PATH" sh -c "$1") >"$work/out" 2>"$work/err" </dev/null
    code=$?
    if [ "$code" -ne 0 ] && [ "$code" -ne 5 ]; then
        echo "$1: exit code $code"
        cat "$work/err"
    fi
}

run_block() {                                           # LANGUAGE FILE NAMED
    case $1 in
    sh)
        grep -v '^ *#' "$2" | grep . | while read -r line; do command_of_docs "$line"; done ;;
    sql)
        command_of_docs "souk query '$(sed "s/'/'\\\\''/g" "$2")'" ;;
    c)
        [ -z "$3" ] || diff "$2" "$3"
        # shellcheck disable=SC2086
        ${CC:-cc} $flags -c -o "$2.o" "$2" || return
        if grep -q SOUK_PLUGIN "$2"; then
            ${CC:-cc} -shared -o "$2.so" "$2.o"
            printf '[documented]\nfile = %s\nisolate = no\n' "$2.so" >"$2.ini"
            souk --config "$2.ini" plugin doctor >"$work/out" || cat "$work/out"
        fi ;;
    ini)
        souk --config "$2" plugin list 2>&1 >/dev/null ;;
    lua)
        to=$work/scripts/$(sed -n '1s/^-- //p' "$2")
        mkdir -p "$(dirname "$to")"
        cp "$2" "$to"
        printf '[host]\nscripts = %s\n' "$work/scripts" >"$work/scripts.ini"
        souk --config "$work/scripts.ini" rule test >"$work/out" || cat "$work/out" ;;
    json)
        py -m json.tool "$2" >/dev/null ;;
    text)
        grep -oE '\bmake [a-z]+' "$2" | while read -r _ target; do
            grep -qE "^\.PHONY:.* $target( |$)" Makefile || echo "the Makefile has no $target"
        done ;;
    *)
        echo "a code block of a language that is not tested: $1" ;;
    esac
}

for file in $(git ls-files '*.md' 2>/dev/null || find . -name '*.md' -not -path '*/node_modules/*' -not -path './build*'); do
    file=${file#./}
    data=$work/data-$(echo "$file" | tr / -)
    export SOUK_DATA="$data"
    awk -v to="$work/block/" '
        /^```/ && !inside { inside = 1; lang = substr($0, 4); if (lang == "") lang = "text"; name = sprintf("%s%03d", to, ++n)
                            print lang, name, FNR, named; named = ""; printf "" > name; next }
        /^```/ { inside = 0; close(name); next }
        inside { print > name }
        match($0, /the code below is [^ ;]+/) { named = substr($0, RSTART + 18, RLENGTH - 18) }
        END { if (inside) print "unclosed", name, FNR }
    ' "$file" >"$work/blocks"
    while read -r language block line named; do
        mv "$block" "$block.$language"
        check "$file:$line: $language" "$(run_block "$language" "$block.$language" "$named" 2>&1)"
    done <"$work/blocks"
    check "$file: what it links to is there" "$(
        grep -oE '\]\([^)#:]+[^):]*\)' "$file" | sed 's/^](//; s/[)#].*//' | while read -r to; do
            case $file in content/*) to=$to.md ;; esac      # articles link to each other as the pages do
            [ -e "$(dirname "$file")/$to" ] || echo "$to"
        done
        grep -oE '`(host|plugins|sdk|tests|tools|policies|scripts|man|bench|docs)/[A-Za-z0-9_./-]*`' "$file" | tr -d '`' |
            while read -r to; do [ -e "$to" ] || echo "$to"; done)"
    check "$file: commands named in the text are there" "$(
        grep -oE '`(souk|make) [a-z][a-z-]*[a-z]' "$file" | tr -d '`' | sort -u | while read -r what word; do
            case $what in
            souk) "$program" help "$word" >/dev/null 2>&1 || echo "souk $word" ;;
            make) grep -qE "^\.PHONY:.* $word( |$)" Makefile || echo "make $word" ;;
            esac
        done)"
done

# ---- man page and help: those examples that need nothing but a shop ---------------------------------------------
data=$work/data
export SOUK_DATA="$data"
souk demo --orders 300 2>/dev/null
souk demo -a shop --orders 300 2>/dev/null
for email in anna@example.com berta@example.com; do
    echo 'correct horse battery staple nine' | souk user add $email --role owner -a shop --password-stdin 2>/dev/null
    souk token add $email spare -a shop >/dev/null 2>&1
done
export SOUK_ACCOUNT=demo
cp -r tests/import/files "$work/reports" 2>/dev/null
for from in man help; do
    if [ $from = man ]; then
        sed -n '/^\.SH EXAMPLES/,$p' man/souk.1 | sed -n 's/\\-/-/g; /^souk /p'
    else
        for command in $("$program" help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
            "$program" help "$command" | sed -n '/^Examples:/,/^Usage:/s/^  //p'
        done
    fi >"$work/examples"
    check "the examples of $from run" "$(
        [ "$(wc -l <"$work/examples")" -ge 5 ] || echo "only these: $(cat "$work/examples")"
        cd "$work" || exit
        while read -r line; do
            case $line in
            *serve*|*FILE*|*' rejects '*|*.txt*|*report.gz*|*reports/*|*/.local/*|*--orders\ 200000*|*'account create shop'*|*'user add '*|*setup-link*) ;;
            *) command_of_docs "$line" ;;
            esac
        done <"$work/examples")"
done
check "the version is the same everywhere" "$(
    version=$(sed -n 's/^VERSION := //p' Makefile)
    same souk "$("$program" --version)" "souk $version"
    grep -q "^\.TH SOUK 1 .* \"Souk $version\"" man/souk.1 || grep '^\.TH' man/souk.1)"
done_testing

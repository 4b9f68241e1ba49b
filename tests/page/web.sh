# SPDX-License-Identifier: Apache-2.0
# web.sh: what the tests of forms share; sourced after tap.sh.
#
# in:     $address of a server, see serve
# out:    $status, $work/head and $work/body of the last answer
# knows:  how a form of a page is filled in and sent, as a browser without scripts does it

get() {                                                 # PATH [CURL OPTION...]
    path=$1
    shift
    : >"$work/body"
    status=$(curl -s -o "$work/body" -D "$work/head" -w '%{http_code}' "$@" "$address$path")
}
answers() {                                             # STATUS [EXPRESSION that the body must match]
    [ "$status" = "$1" ] || { echo "$path: $status instead of $1"; head -c 600 "$work/body"; }
    [ -z "${2:-}" ] || grep -qE -e "$2" "$work/body" || { echo "$path does not say /$2/:"; head -c 3000 "$work/body"; }
    return 0
}
header() { sed -n "s/^$1: \(.*\).\$/\1/Ip" "$work/head"; }
json() { py -c "import json, sys; j = json.load(open('$work/body')); print($1)"; }

# Sends the form of the last page whose action ends so, or that has a button whose action does, and that holds the
# words; further words are fields, NAME=VALUE instead of what stands in the form.  Then $status and so on are of the
# answer.
send() {                                                # ACTION WORDS [NAME=VALUE...]
    python3 - "$work/body" "$@" >"$work/form" 2>"$work/form.err" <<'END'
import html.parser, sys, urllib.parse
page, action, words, *fields = sys.argv[1:]
class Forms(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.area, self.select = [], None, None
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.forms.append({"action": a["action"], "fields": {}, "text": "", "open": True, "buttons": {}})
        if not self.forms or not self.forms[-1]["open"]:
            return
        f = self.forms[-1]["fields"]
        if tag == "input" and "name" in a and a.get("type") not in ("file",) and (a.get("type") != "checkbox" or "checked" in a):
            f[a["name"]] = a.get("value") or ""
        elif tag == "button" and "name" in a and a["name"] != "_more":      # what it sends, by where
            self.forms[-1]["buttons"][a.get("formaction", self.forms[-1]["action"])] = (a["name"], a["value"])
        elif tag == "textarea":
            self.area = a["name"]
            f[self.area] = ""
        elif tag == "select":
            self.select = a["name"]
            f.setdefault(self.select, "")
        elif tag == "option" and self.select and ("selected" in a or not f[self.select]):
            f[self.select] = a.get("value") or ""
    def handle_endtag(self, tag):
        if tag == "form" and self.forms:
            self.forms[-1]["open"] = False
        if tag == "textarea":
            self.area = None
        if tag == "select":
            self.select = None
    def handle_data(self, data):
        if self.forms and self.forms[-1]["open"]:
            self.forms[-1]["text"] += data
            if self.area:
                self.forms[-1]["fields"][self.area] += data.lstrip("\n")
forms = Forms()
forms.feed(open(page).read())
actions = lambda f: [f["action"], *f["buttons"]]
fit = [f for f in forms.forms if any(a.endswith(action) for a in actions(f))
       and (words in f["text"] or words in f["fields"].values())]
if not fit:
    sys.exit(f"no form of {action} that says {words!r}: {[(f['action'], f['text']) for f in forms.forms]}")
fields_of, to = fit[0]["fields"], next(a for a in actions(fit[0]) if a.endswith(action))
if to in fit[0]["buttons"]:
    name, value = fit[0]["buttons"][to]
    fields_of[name] = value
fields_of.update(f.split("=", 1) for f in fields)
print(to)
print(urllib.parse.urlencode(fields_of))
END
    [ -s "$work/form.err" ] && { status=000; cat "$work/form.err" >"$work/body"; path=$1; return 0; }
    get "$(sed -n 1p "$work/form")" --data "$(sed -n 2p "$work/form")"
}
follow() { get "$(header Location)"; }                  # where the last answer leads

# Waits until no job of the account waits or runs.
jobs_done() {                                           # ACCOUNT
    tries=0
    while curl -s "$address/api/v1/a/$1/jobs" | grep -qE '"state":"(waits|runs)"'; do
        [ $((tries += 1)) -lt 3000 ] || { echo "# jobs do not end"; return 1; }
        sleep 0.02
    done
}

# A command by the API, in the account $SOUK_ACCOUNT.
call() {                                                # COMMAND JSON [CURL OPTION...]
    command=$1 sent=$2
    shift 2
    get "/api/v1/a/${SOUK_ACCOUNT:-demo}/commands/$command" -H 'Content-Type: application/json' -H "Origin: $address" -d "$sent" "$@"
}

# ---- people: NAME@example.com, and everybody's password -----------------------------------------------------------
good='violet harbour counts nine lanterns'
html="Accept: text/html"
jar=$work/jar
user() {                                                # NAME ROLE [ACCOUNT]
    echo "$good" | souk user add "$1@example.com" --name "$1" --role "$2" ${3:+-a "$3"} --password-stdin 2>/dev/null
}
# From here on curl is theirs: signed in once, by a file that it reads by itself.
as() {                                                  # NAME
    mkdir -p "$work/$1"
    if [ ! -f "$work/$1/.curlrc" ]; then
        curl -s -o /dev/null -D "$work/head" -H "Origin: $address" -d "email=$1@example.com" --data-urlencode "password=$good" "$address/sign-in"
        printf 'header = "Cookie: souk=%s"\nheader = "%s"\n' "$(header Set-Cookie | sed -n 's/^souk=\([^;]*\);.*/\1/p')" "$html" >"$work/$1/.curlrc"
    fi
    export CURL_HOME=$work/$1
}
# The same with the cookies of $jar, which follow the server's.
page() { get "$1" -b "$jar" -c "$jar" -H "$html"; }
post() {                                                # PATH NAME=VALUE...
    path=$1
    shift
    for pair in "$@"; do set -- "$@" --data-urlencode "$pair"; shift; done
    get "$path" -b "$jar" -c "$jar" -H "$html" -H "Origin: $address" -d '' "$@"
}

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Questions with answers and related links: what comes with Souk, what a site's folder and an account add, that figures are
# those of the policy files, and that no link leads elsewhere unmarked.  TAP.
set -u
. tests/tap.sh
export SOUK_NOW=2026-11-23T10:00:00Z
. tests/page/web.sh

# A site of its own: policies that can be changed, a folder of texts, a plugins.ini that names both.
cp -r policies "$work/policies"
mkdir -p "$work/site/en/faq" "$work/site/en/links"
printf '<!-- about: widget:orders -->\n# Which scale do we use?\n\nThe one by the door; [its manual](https://scales.example/m).\n' >"$work/site/en/faq/scale.md"
printf '<!-- about: widget:health -->\n# Late, and what we do\n\nWe stay below {{late.limit}}.\n' >"$work/site/en/faq/late.md"
printf '# Our carriers\n\n- [Parcels](https://parcels.example/track): where a parcel is {widget:orders}\n- [Bad](http://plain.example/)\n' \
    >"$work/site/en/links/carriers.md"
config=$work/plugins.ini
sed "s|^threads = .*|&\npolicies = $work/policies\nsite_content = $work/site|" "$build/../plugins.ini" >"$config"
souk demo --orders 300 2>/dev/null
serve --config "$config"

list() { curl -s "$address/api/v1/a/demo/$1" >"$work/body"; }

# ---- what comes with Souk ------------------------------------------------------------------------------------
list faq
check "at least 25 questions, each with an answer and what it explains" "$(json '[q["name"] for q in j["questions"]
    if not q["body"].strip() or not q["about"] or not q["title"].rstrip().endswith(("?", "do"))] or len(j["questions"]) >= 25 or "too few"' | grep -vx True)"
check "no line of the policies is quoted that is not there" "$(json '[q["name"] for q in j["questions"] if "says nothing" in q["body"] or "{{" in q["body"]]' | grep -vx '\[\]')"
check "every widget has a question" "$(widgets=$(curl -s "$address/api/v1/a/demo/widgets"); py -c '
import json, sys
faq = json.load(open(sys.argv[1]))["questions"]
for w in json.loads(sys.argv[2])["widgets"]:
    if not any("widget:" + w["id"] in q["about"].split() for q in faq): print(w["id"])
' "$work/body" "$widgets")"
list links
check "links are https only, say what is there, and none stands twice in a group" "$(json '[l["title"] for l in j["links"]
    if not l["address"].startswith("https://") or not l["body"]] + ([] if len({l["address"] for l in j["links"]}) == len(j["links"]) else ["twice"])' | grep -vx '\[\]')"
get /a/demo/settings/links
check "each link says that it leaves the site, and tells nobody where from" "$(answers 200; py - "$work/body" <<'END'
import re, sys
page = open(sys.argv[1]).read()
all = re.findall(r'<a href="(https?://[^"]*)"([^>]*)>(.*?)</a>', page, re.S)
assert len(all) > 10, len(all)
for href, more, text in all:
    if 'rel="noopener noreferrer external"' not in more or "leaves this site" not in text or not href.startswith("https://"):
        print(href, more, text)
END
)"
get /a/demo/settings/faq
check "the page groups questions by what they explain" "$(answers 200 'Buyer Messages'; answers 200 'How fast must a buyer get an answer')"
check "both are in the Settings menu" "$(for at in faq links; do grep -q "href=\"/a/demo/settings/$at" "$work/body" || echo "no $at"; done)"
get '/a/demo/settings/faq?q=chargeback'
check "they are searched" "$(answers 200 'What is a chargeback'; grep -q 'Which packages need' "$work/body" && echo "shows others")"
get '/a/demo/settings/faq?q=xyzzy'
check "nothing is said to be nothing" "$(answers 200 'No question holds these words')"
get /a/demo/search.json?q=chargeback
check "the search box finds questions and links" "$(json '[g["kind"] for g in j["groups"]]' | grep faq | grep -q link || echo "not both: $(json '[g["kind"] for g in j["groups"]]')")"
get /a/demo/w/claims
check "a widget's page shows questions about it" "$(answers 200 'Questions about this'; answers 200 '/a/demo/help/faq/claim-answer'; grep -q faq/otdr "$work/body" && echo "and others")"
get /a/demo/help/w/claims
check "so does its help" "$(answers 200 '/a/demo/help/faq/claim-answer')"

# ---- figures of the policies -----------------------------------------------------------------------------------
get /a/demo/help/faq/cancel-rate
check "a figure is that of the policy file" "$(answers 200 'below 2\.5 %'; answers 200 '/a/demo/policies/DE/cancel.limit')"
sleep 1; for m in DE US JP; do sed -i '/^\[cancel.limit\]/,/^about/s/^value = .*/value = 1.5 %/' "$work/policies/$m.ini"; touch -d '+2 seconds' "$work/policies/$m.ini"; done
get /a/demo/help/faq/cancel-rate
check "another figure in the file is another one in the answer" "$(answers 200 'below 1\.5 %')"

# ---- the site's own ------------------------------------------------------------------------------------------------
get /a/demo/help/faq/scale
check "a site's folder adds questions, whose links are marked" "$(answers 200 'The one by the door'
    answers 200 '<a href="https://scales.example/m" rel="noopener noreferrer external"')"
get /a/demo/help/faq/late
check "and takes the place of one of the same name" "$(answers 200 'We stay below 4 %'; grep -q 'names no ship-by date' "$work/body" && echo "both")"
get /a/demo/settings/links
check "its links stand under their heading; a plain http one is left out, and the log says so" "$(answers 200 'Our carriers'; answers 200 'https://parcels.example/track'
    grep -q plain.example "$work/body" && echo "http"; grep -q 'carriers.md: a link is written as' "$work/serve.err" || { echo "no warning"; tail -n 3 "$work/serve.err"; })"

# ---- the account's own ------------------------------------------------------------------------------------------------
get /a/demo/settings/faq
send do/faq.put 'Add a question' question='Who answers <b>on Sundays</b>?' answer='Anna, within {{message.answer}}. <script>alert(1)</script>' about='widget:messages'
check "a question is written on the page" "$([ "$status" = 303 ] || answers 303)"
get /a/demo/w/messages
check "it stands beside its widget" "$(answers 200 'Who answers &lt;b&gt;on Sundays')"
get /a/demo/help/faq/who-answers-b-on-sundays-b
check "its figures are filled in, its markup is text" "$(answers 200 'within 24 hours'; answers 200 '&lt;script&gt;'; grep -q '<script>alert' "$work/body" && echo markup)"
get /a/demo/settings/faq
check "it is told who wrote it" "$(answers 200 'local wrote “who-answers'; answers 200 'Written by this account')"
check "no id stands twice when there are several forms" "$(grep -oE ' id="[^"]*"' "$work/body" | sort | uniq -d)"
send do/faq.put 'Who answers <b>on Sundays</b>?' answer='Ben.'
get /a/demo/help/faq/who-answers-b-on-sundays-b
check "it is changed" "$(answers 200 'Ben\.'; grep -q Anna "$work/body" && echo "still Anna")"
run souk do faq.remove name=who-answers-b-on-sundays-b
kill_wait=$code
check "the command line waits for the server's folder" "$([ "$kill_wait" -ne 0 ] || echo "both wrote")"
get /a/demo/settings/faq
send do/faq.remove 'Remove' name=who-answers-b-on-sundays-b
get /a/demo/help/faq/who-answers-b-on-sundays-b
check "it is removed" "$(answers 404)"
get /a/demo/settings/links
send do/link.put 'Add a link' title='Bank' address='http://bank.example/' note='Balance'
check "an address that is not https is refused in a sentence, and what was typed stays" "$(answers 422 'begins with https://'; answers 422 'http://bank.example/')"
send do/link.put 'Add a link' title='Bank' address='https://bank.example/' note='Balance' about='widget:payments'
get /a/demo/w/payments
check "a link stands beside its widget" "$(answers 200 'href="https://bank.example/" rel="noopener noreferrer external"')"
done_testing

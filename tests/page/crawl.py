# SPDX-License-Identifier: Apache-2.0
"""crawl.py ADDRESS ACCOUNT [counts]: follows the links of an account's pages; prints what is wrong.

Every link of the home page and the widgets' pages, in all markets and in one, is followed, and so are
those on the pages of queries that they lead to; what those link to, and the same pages in further markets
and periods, only have to be there.  Markup must be
well-formed and hold no script but the page's own; CSV must hold no formula.  With "counts": each figure of
the orders widget is the number of rows of the query that it opens.
"""
import csv
import html.parser
import http.client
import io
import json
import re
import sys
import urllib.parse

VOID = {"meta", "link", "input", "br", "img", "hr"}
TAGS = VOID | set("""html head title script body a header nav ul ol li main h1 h2 h3 h4 h5 h6 section div p dl dt dd b span
    time details summary figure figcaption canvas table thead tbody tfoot tr th td form fieldset legend label select option button textarea
    footer svg path rect""".split())
ARTICLE = set("blockquote pre code strong em".split())         # what Markdown may become, and nothing else does
NUMBER = re.compile(r"^-?[0-9.]+(/[0-9]+)?$")
address, account = sys.argv[1].rstrip("/"), sys.argv[2]
server = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)


def get(path):
    server.request("GET", path)
    reply = server.getresponse()
    return reply.status, reply.headers.get("Content-Type", ""), reply.read().decode(errors="replace")


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path, self.links, self.open, self.ids, self.faults = path, [], [], set(), []
        self.in_article = 0                             # how many elements were open when it began

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        given = dict(attrs)
        if tag not in TAGS and not (tag in ARTICLE and self.in_article):
            self.faults.append(f"an element <{tag}>")
        if len(names) != len(set(names)) or any(n.startswith("on") or n in ("style", "srcdoc") for n in names):
            self.faults.append(f"attributes of <{tag}>: {attrs}")
        if tag == "script" and not given.get("src", "").startswith("/assets/"):
            self.faults.append(f"a script: {attrs}")
        if given.get("id") in self.ids:
            self.faults.append(f"the id {given['id']} twice")
        self.ids.add(given.get("id") or object())
        for name in ("href", "src", "action"):
            if name in given and given.get("method") != "post":
                self.links.append(given[name])
        if tag not in VOID:
            self.open.append(tag)
            self.in_article = self.in_article or (tag == "div" and given.get("class") == "article" and len(self.open))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> where something else is open")
        if self.in_article and len(self.open) < self.in_article:
            self.in_article = 0

    def close(self):
        super().close()
        if self.open:
            self.faults.append(f"not closed: {self.open}")
        return [f"{self.path}: {fault}" for fault in self.faults]


def csv_faults(path, text):
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            if cell and cell[0] in "=+-@\t\r＝＋－＠" and not NUMBER.match(cell):
                yield f"{path}: the formula {cell!r}"


def crawl():
    seen, faults = set(), []
    starts = [f"/a/{account}/", f"/a/{account}/?period=7d&lang=en-XA"]
    markets = set(re.findall(r'href="[^"]*[?]market=([A-Z]{2})"', get(starts[0])[2]))
    widgets = [w["id"] for w in json.loads(get(f"/api/v1/a/{account}/widgets")[2])["widgets"]]
    for market in [None, *sorted(markets)[:1]]:
        keep = f"?market={market}" if market else ""
        starts += [f"/a/{account}/{keep}"] + [f"/a/{account}/w/{w}{keep}" for w in widgets]
    level, depth = starts, 0
    while level:
        further = []
        for path in level:
            if path in seen:
                continue
            seen.add(path)
            status, kind, text = get(path)
            if status != 200:
                faults.append(f"{path}: {status} {re.sub('<[^>]*>', ' ', text)[-200:].strip()}")
            elif kind.startswith("text/html"):
                page = Page(path)
                page.feed(text)
                faults += page.close()
                for link in page.links if depth == 0 or "/q/" in path else ():
                    to = urllib.parse.urljoin(path, link)
                    if to.startswith("/"):
                        further.append(to.split("#")[0])
                    elif not to.startswith("https://"):
                        faults.append(f"{path}: a link to {link}")
            elif kind.startswith("text/csv"):
                faults += csv_faults(path, text)
        level = further if depth < 2 else []
        depth += 1
    if len(seen) < 20:
        faults.append(f"only {len(seen)} addresses: {seen}")
    return faults


def counts():
    faults = []
    view = json.loads(get(f"/api/v1/a/{account}/widgets/orders")[2])
    figures = 0

    def walk(elements):
        nonlocal figures
        for e in elements:
            walk(e.get("elements", []))
            if e["kind"] == "stat" and e["value"]["type"] == "count":
                to = e["to"].replace("?", ".csv?", 1)
                rows = sum(1 for _ in csv.reader(io.StringIO(get(to)[2], newline=""))) - 1
                figures += 1
                if rows != e["value"]["value"]:
                    faults.append(f"{e['label']}: {e['value']['value']}, but {rows} rows at {to}")
    walk(view["elements"])
    if figures < 20:
        faults.append(f"only {figures} figures")
    return faults


found = counts() if sys.argv[3:] == ["counts"] else crawl()
print("\n".join(found[:20]))

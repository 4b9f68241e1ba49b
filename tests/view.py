# SPDX-License-Identifier: Apache-2.0
"""view.py [LEFT_OUT...]: a view's JSON on stdin as lines that a shell test can look for.

    stat LABEL = VALUE [was VALUE] [tone TONE]      fact LABEL = VALUE [tone TONE]      note TEXT
    alert TONE TEXT       text TEXT       empty TEXT       table TITLE, then " |CELL|CELL" for each row
    item TITLE = VALUE badge WORD due INSTANT       progress LABEL = VALUE of VALUE       form COMMAND: FIELD ...

Currencies of tables and the columns named are left out; what is not known is "-".
"""
import json
import sys

left_out = {"currency", *sys.argv[1:]}


def value(v):
    if v is None or v.get("type") in (None, "none"):
        return "-"
    if v["type"] in ("average", "rate") and not v.get("den"):
        return "N/A"
    if v["type"] == "bool":
        return "yes" if v["value"] else "no"
    if v["type"] == "money":
        return f"{v['minor']} {v['currency']}"
    if v["type"] in ("rate", "average"):
        return f"{v['num']}/{v['den']}"
    return str(v.get("value"))


def tone(e):
    return ["tone", e["tone"]] if e.get("tone", "plain") != "plain" else []


def walk(elements):
    for e in elements:
        kind = e["kind"]
        if kind in ("stat", "fact"):
            before = ["was", value(e["before"])] if e.get("before") else []
            print(kind, e["label"], "=", value(e["value"]), *before, *tone(e))
        elif kind == "alert":
            print(kind, e["tone"], e["text"])
        elif kind in ("text", "empty"):
            print(kind, e["text"])
        elif kind in ("table", "chart"):
            print(kind, e["title"])
            shown = [i for i, c in enumerate(e["table"]["columns"]) if c["name"] not in left_out]
            for row in e["table"]["rows"]:
                print(" ", *[value(row[i]) for i in shown], sep="|")
        elif kind == "item":
            print(kind, e["title"], "=", value(e.get("value")), "badge", e.get("badge", "-"), "due", value(e.get("due")), *tone(e))
        elif kind == "progress":
            print(kind, e["label"], "=", value(e["value"]), "of", value(e["of"]), *tone(e))
        elif kind == "form":
            print(kind, e["command"] + ":", *[f["name"] for f in e.get("fields", [])])
        if e.get("note"):
            print("note", e["note"])
        walk(e.get("elements", []))


walk(json.load(sys.stdin)["elements"])

// SPDX-License-Identifier: Apache-2.0
// Keeps the page in step with the records, sends its forms in place, and takes files that are dropped on it.
// Without this file the same forms lead to the same pages.
//
// The server only says that something has changed, and in which areas; what is shown is asked for again, and
// only what differs is exchanged, so that focus, scrolling and open parts stay.  A card in which somebody is
// typing, or about to confirm something, is left alone and says so.
"use strict";

(() => {
    const main = document.getElementById("main"), events = document.body.dataset.events;
    const words = document.body.dataset;
    if (!events)
        return;

    const voice = document.createElement("p");             // for those who do not see what changes
    voice.className = "aside";
    voice.setAttribute("aria-live", "polite");
    document.body.append(voice);
    const speak = (text) => { voice.textContent = text; };

    // ---- exchanging what differs ---------------------------------------------------------------------------
    const identity = (node) => {
        if (node.nodeType !== Node.ELEMENT_NODE)
            return "";
        return node.id || (node.matches("li.item") ? node.querySelector(".title a")?.getAttribute("href") || node.querySelector(".title")?.textContent : "") || "";
    };
    const alike = (a, b) => a.nodeName === b.nodeName && identity(a) === identity(b);
    // What the page or its reader has made of an element since it came.
    const own = new Set(["open", "hidden", "style", "data-packed", "aria-expanded", "aria-busy"]);

    const exchange = (old, fresh) => {
        if (old.isEqualNode(fresh) || old.nodeType !== Node.ELEMENT_NODE) {
            if (old.nodeType !== Node.ELEMENT_NODE && old.data !== fresh.data)
                old.data = fresh.data;
            return;
        }
        if (old.matches(".canvas, .brought, .menu") || (old.matches("form.drop") && old.contains(document.activeElement)))
            return;
        for (const name of old.getAttributeNames())
            if (!fresh.hasAttribute(name) && !own.has(name))
                old.removeAttribute(name);
        for (const name of fresh.getAttributeNames())
            if (old.getAttribute(name) !== fresh.getAttribute(name) && !own.has(name))
                old.setAttribute(name, fresh.getAttribute(name));
        let at = old.firstChild;
        for (const next of [...fresh.childNodes]) {
            let same = at;
            while (same && !alike(same, next))
                same = same.nextSibling;
            if (same && (same === at || identity(next))) {
                if (same !== at)
                    old.insertBefore(same, at);
                exchange(same, next);
                at = same.nextSibling;
            } else {
                old.insertBefore(document.importNode(next, true), at);
            }
        }
        while (at) {
            const next = at.nextSibling;
            at.remove();
            at = next;
        }
    };

    // ---- what must not be touched -----------------------------------------------------------------------------
    const isTyped = (form) => [...form.elements].some((field) =>
        field.matches("textarea, input:not([type=hidden]):not([type=checkbox]):not([type=radio])") ? field.value !== field.defaultValue
            : field.matches("input") ? field.checked !== field.defaultChecked
                : field.matches("select") && [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0);
    const isHeld = (part) => [...part.querySelectorAll("form")].some((form) =>
        isTyped(form) || form.querySelector("details.twice[open]") ||
        (form.contains(document.activeElement) && document.activeElement.matches("textarea, input, select")));

    const mark = (part) => {
        if (part.querySelector(":scope > .stale"))
            return;
        const note = document.createElement("p"), button = document.createElement("button");
        note.className = "stale alert info";
        button.type = "button";
        button.textContent = words.show;
        button.addEventListener("click", () => {
            note.remove();
            refresh(["*"], part);
        });
        note.append(words.held + " ", button);
        part.append(note);
    };

    // Exchanges a part, and keeps the focus where it was, also when its card has moved.
    const put = (part, fresh) => {
        const focused = part.contains(document.activeElement) ? document.activeElement : null;
        exchange(part, fresh);
        if (!focused || document.activeElement === focused)
            return;
        if (focused.isConnected && !focused.closest("[hidden]"))
            focused.focus({ preventScroll: true });
        else
            (part.isConnected && part !== main ? part : main).querySelector("a, button, summary, [tabindex]")?.focus({ preventScroll: true });
    };

    // ---- looking again -------------------------------------------------------------------------------------------
    const concerns = (part, areas) => {
        const mine = part.dataset.areas.split(" ");
        return areas.includes("*") || areas.some((area) => mine.includes(area) || mine.includes("*"));
    };
    const titleOf = (part) => part.querySelector("h2 a, h2")?.firstChild?.textContent.trim();

    const read = async (response) => {
        const text = await response.text();
        return new DOMParser().parseFromString(text, "text/html");
    };

    async function refresh(areas, only) {
        let parts = [...document.querySelectorAll("[data-areas]")].filter((part) => only ? part === only : concerns(part, areas));
        if (!parts.length)
            return;
        const held = parts.filter((part) => part !== only && isHeld(part));
        held.forEach(mark);
        parts = parts.filter((part) => !held.includes(part));
        const address = new URL(location.href), cards = parts.filter((part) => part.matches(".card"));
        address.hash = "";
        for (const name of [...address.searchParams.keys()].filter((key) => key.startsWith("_")))
            address.searchParams.delete(name);
        if (cards.length && document.querySelector(".grid:not(.arranged)"))
            address.searchParams.set("_only", cards.map((card) => card.id).join(","));
        const response = await fetch(address, { headers: { Accept: "text/html" } });
        if (!response.ok)
            return;
        const page = await read(response), all = [...page.querySelectorAll("[data-areas]")], changed = [];
        parts.forEach((part) => {
            const fresh = part.id ? page.getElementById(part.id) : all.find((other) => !other.id && other.dataset.areas === part.dataset.areas);
            if (!fresh || part.isEqualNode(fresh) || (part !== only && isHeld(part)))
                return;
            const before = part.textContent;
            put(part, fresh);
            if (part.textContent !== before && titleOf(part))
                changed.push(titleOf(part));
        });
        document.dispatchEvent(new CustomEvent("souk:changed"));
        if (changed.length)
            speak(words.changed + ": " + changed.join(", "));
    }

    const pending = new Set();
    let timer;
    const soon = (...areas) => {
        areas.forEach((area) => pending.add(area));
        if (timer || document.hidden)
            return;
        timer = setTimeout(async () => {
            const now = [...pending];
            pending.clear();
            try {
                await refresh(now);
            } catch {
                // the server is away: the stream says when it is back, and then all is looked at
            }
            timer = undefined;
            if (pending.size)
                soon();
        }, 150);
    };

    // A page that nobody looks at listens to nothing; when it is seen again all of it is looked at.
    let source, hasMissed = false;
    const listen = () => {
        source = new EventSource(events);
        source.addEventListener("open", () => {
            if (hasMissed)
                soon("*");
            hasMissed = false;
        });
        source.addEventListener("changed", (event) => soon(...JSON.parse(event.data).areas));
        source.addEventListener("job", (event) => {
            soon("jobs");
            document.dispatchEvent(new CustomEvent("souk:job", { detail: JSON.parse(event.data) }));
        });
        source.addEventListener("error", () => {
            hasMissed = true;
            if (source.readyState === EventSource.CLOSED)   // too many listen, or the server is going
                setTimeout(() => document.hidden || listen(), 10000);
        });
    };
    document.addEventListener("visibilitychange", () => {
        if (document.hidden) {
            source?.close();
            hasMissed = true;
        } else {
            listen();
        }
    });
    if (!document.hidden)
        listen();

    // ---- forms in place --------------------------------------------------------------------------------------------
    // The answer is a page, whatever became of it: the one that a form without scripts would lead to.
    document.addEventListener("submit", async (event) => {
        const form = event.target;
        if (!form.matches("form.act") || event.defaultPrevented)
            return;
        event.preventDefault();
        if (form.getAttribute("aria-busy"))
            return;
        form.setAttribute("aria-busy", "true");
        let response, page;
        try {
            response = await fetch(form.action, { method: "POST", headers: { Accept: "text/html" }, body: new URLSearchParams(new FormData(form, event.submitter)) });
            page = await read(response);
        } catch {
            speak(words.away);
        }
        form.removeAttribute("aria-busy");
        const fresh = page?.getElementById("main");
        if (!fresh)
            return;
        if (response.redirected && new URL(response.url).pathname !== location.pathname) {
            location.assign(response.url);
            return;
        }
        const own = form.closest("[data-areas]");
        for (const part of main.querySelectorAll("[data-areas]"))
            if (part !== own && part.id && isHeld(part)) {
                const same = fresh.querySelector("#" + CSS.escape(part.id));
                same?.replaceWith(part.cloneNode(true));
                mark(part);
            }
        if (response.ok)
            form.reset();
        for (const opened of form.querySelectorAll("details.twice[open]"))
            opened.open = false;
        put(main, fresh);
        document.dispatchEvent(new CustomEvent("souk:changed"));
        const fault = main.querySelector("[aria-invalid=true]"), said = main.querySelector("[role=status], [role=alert]");
        if (!response.ok)
            (fault || said)?.focus();
        speak(said?.textContent || "");
    });

    // ---- files that are brought ------------------------------------------------------------------------------------
    const drop = () => document.getElementById("drop");
    const jobs = new Map();                                 // number -> its line

    const line = (name) => {
        const item = document.createElement("li"), label = document.createElement("b"), bar = document.createElement("progress"), note = document.createElement("span");
        label.textContent = name;
        bar.max = 100;
        bar.setAttribute("aria-label", name);
        note.className = "note";
        item.append(label, " ", bar, " ", note);
        drop().querySelector(".brought").append(item);
        return { item, bar, note };
    };
    const end = (at, tone, text, href) => {
        at.bar.remove();
        at.item.className = tone;
        at.note.textContent = text;
        if (href) {
            const link = document.createElement("a");
            link.href = href;
            link.textContent = drop().dataset.more;
            at.note.append(" ", link);
        }
    };
    const follow = async (no) => {
        const at = jobs.get(no);
        const response = await fetch(at.href, { headers: { Accept: "application/json" } });
        const job = response.ok ? await response.json() : { state: "failed", text: words.away };
        if (!jobs.has(no))
            return;
        if (job.state === "done" || job.state === "failed") {
            jobs.delete(no);
            end(at, job.state === "failed" ? "bad" : job.result?.rejected ? "watch" : "good", job.text, job.href);
            soon("imports", "jobs");
        } else if (job.state === "runs" && job.all) {
            at.bar.value = job.done * 100 / job.all;
            at.note.textContent = drop().dataset.runs;
        } else {
            at.bar.removeAttribute("value");
            at.note.textContent = drop().dataset.waits;
        }
    };
    document.addEventListener("souk:job", (event) => jobs.has(event.detail.job) && follow(event.detail.job));
    setInterval(() => [...jobs.keys()].forEach(follow), 5000);      // where the stream is away

    // One request for each file, with the time it was written: what a report says holds as of then.
    const bring = (file) => new Promise((done) => {
        const at = line(file.name), body = new FormData(), ask = new XMLHttpRequest();
        body.append("market", drop().elements.market.value);
        body.append("as_of", new Date(file.lastModified).toISOString().replace(/\.\d+Z/, "Z"));
        body.append("file", file, file.name);
        at.note.textContent = drop().dataset.sends;
        ask.upload.addEventListener("progress", (event) => { at.bar.value = event.loaded * 100 / event.total; });
        ask.addEventListener("load", () => {
            let answer = {};
            try {
                answer = JSON.parse(ask.responseText);
            } catch {
                // not from Souk
            }
            if (ask.status === 202) {
                jobs.set(answer.jobs[0].job, { ...at, href: answer.jobs[0].href });
                follow(answer.jobs[0].job);
            } else {
                end(at, "bad", answer.detail || words.away);
            }
            done();
        });
        ask.addEventListener("error", () => {
            end(at, "bad", words.away);
            done();
        });
        ask.open("POST", drop().action);
        ask.setRequestHeader("Accept", "application/json");
        ask.send(body);
    });
    const bringAll = async (files) => {
        for (const file of files)
            await bring(file);
    };

    document.addEventListener("submit", (event) => {
        if (!event.target.matches("form.drop"))
            return;
        event.preventDefault();
        const files = [...event.target.elements.file.files];
        event.target.elements.file.value = "";
        bringAll(files);
    });
    const hasFiles = (event) => drop() && [...event.dataTransfer?.types ?? []].includes("Files");
    document.addEventListener("dragover", (event) => {
        if (!hasFiles(event))
            return;
        event.preventDefault();
        document.body.classList.add("dropping");
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
    document.addEventListener("drop", (event) => {
        document.body.classList.remove("dropping");
        if (!hasFiles(event))
            return;
        event.preventDefault();
        drop().scrollIntoView({ block: "nearest" });
        bringAll([...event.dataTransfer.files]);
    });
})();

// SPDX-License-Identifier: Apache-2.0
// Draws each chart from the table that stands beside it.  Without this file the page reads the same.
"use strict";

(() => {
    if (!window.Chart)
        return;
    const look = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const charts = [];

    const draw = (figure) => {
        const table = figure.querySelector("table");
        const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
        const rows = [...table.tBodies[0].rows];
        const said = (row, column) => rows[row].cells[column].textContent;
        const partial = rows.length - Number(figure.dataset.partial);
        const colours = [look("--bar"), look("--bar-2"), look("--bar-3"), look("--soft")];
        const stacked = figure.dataset.chart === "stacked";
        const sets = heads.slice(1).map((label, i) => ({
            label,
            data: rows.map((row) => row.cells[i + 1].dataset.v === "" ? null : Number(row.cells[i + 1].dataset.v)),
            backgroundColor: rows.map((_, r) => colours[i % 4] + (r >= partial ? "77" : "")),
            borderColor: colours[i % 4],
            borderWidth: figure.dataset.chart === "line" ? 2 : 0,
            borderRadius: 2,
            pointRadius: 0,
            cubicInterpolationMode: "monotone",            // a curve shows no figure that was not there
        }));
        figure.querySelector(".canvas").hidden = false;
        charts.push(new Chart(figure.querySelector("canvas"), {
            type: figure.dataset.chart === "line" ? "line" : "bar",
            data: { labels: rows.map((_, r) => said(r, 0)), datasets: sets },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { display: sets.length > 1, labels: { color: look("--ink") } },
                    tooltip: { callbacks: { label: (at) => `${at.dataset.label}: ${said(at.dataIndex, at.datasetIndex + 1)}` } },
                },
                scales: {
                    x: { stacked, grid: { display: false }, ticks: { color: look("--soft"), maxRotation: 0, autoSkipPadding: 14 } },
                    y: { stacked, beginAtZero: true, border: { display: false }, grid: { color: look("--line") }, ticks: { color: look("--soft"), maxTicksLimit: 5 },
                         title: { display: Boolean(figure.dataset.unit), text: figure.dataset.unit, color: look("--soft") } },
                },
            },
        }));
    };

    const drawAll = () => {
        for (const chart of charts.splice(0))
            chart.destroy();
        for (const figure of document.querySelectorAll("figure[data-chart]"))
            draw(figure);
    };
    drawAll();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    document.addEventListener("souk:changed", drawAll);     // live.js has exchanged a part of the page
})();

// A field that is there for some answers of another one is hidden while that one says otherwise; what is hidden is not sent.
(() => {
    const answer = (form, name) => {
        const fields = [...form.elements].filter((field) => field.name === name && field.type !== "hidden");
        return fields.map((field) => field.type === "checkbox" || field.type === "radio" ? (field.checked ? field.value : "") : field.value)
            .filter(Boolean).join(" ");
    };
    const look = () => {
        for (const field of document.querySelectorAll("form [data-when]")) {
            const says = answer(field.closest("form"), field.dataset.when);
            const shown = field.dataset.is === undefined ? says !== "" && says !== "no" : field.dataset.is.split(" ").includes(says);
            field.hidden = !shown;
            for (const input of field.querySelectorAll("input, select, textarea"))
                input.disabled = !shown;
        }
        for (const group of document.querySelectorAll("form.act fieldset")) {
            const fields = [...group.querySelectorAll(".field")];
            group.hidden = fields.length > 0 && fields.every((field) => field.hidden);
        }
    };
    look();
    document.querySelector("fieldset[data-new]")?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    document.addEventListener("input", look);
    document.addEventListener("souk:changed", look);
})();

// The Settings menu: hover and focus open it by the style sheet; here Enter, touch and Esc.
(() => {
    const menu = document.querySelector(".menu"), button = menu?.querySelector("button");
    if (!menu)
        return;
    const isOpen = () => getComputedStyle(menu.querySelector("ul")).visibility === "visible";
    const tell = () => button.setAttribute("aria-expanded", String(isOpen()));
    const set = (open) => {
        menu.classList.toggle("open", open);
        menu.classList.toggle("shut", !open);
        tell();
    };
    const forget = () => {
        menu.classList.remove("open", "shut");
        tell();
    };
    let wasOpen = false;
    button.addEventListener("pointerdown", (event) => { wasOpen = event.pointerType === "touch" ? isOpen() : menu.classList.contains("open"); });
    button.addEventListener("click", (event) => {
        // A mouse has opened it by hovering and pins it; a key (no pointer: detail 0) pins and shuts it in turn.
        set(event.detail === 0 ? menu.classList.contains("shut") || !menu.classList.contains("open") : !wasOpen);
    });
    menu.addEventListener("keydown", (event) => {
        const links = [...menu.querySelectorAll("a")], at = links.indexOf(document.activeElement);
        if (event.key === "Escape" && isOpen()) {
            set(false);
            button.focus();
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            set(true);
            links[(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : links.length - 1)) % links.length]?.focus();
        }
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && menu.matches(":hover") && set(false));
    document.addEventListener("pointerdown", (event) => menu.contains(event.target) || forget());
    menu.addEventListener("focusout", (event) => menu.contains(event.relatedTarget) || forget());
    menu.addEventListener("focusin", tell);
    menu.addEventListener("pointerenter", tell);
    menu.addEventListener("pointerleave", () => menu.contains(document.activeElement) || forget());
    tell();
})();

// Answers while typing, from <search>.json?q=: { groups: [{ title, hits: [{ title, note, href }] }] }.
// The box is a combobox: arrows move, Enter opens, Esc closes; "/" leads into it from anywhere.
(() => {
    const form = document.querySelector("form.search"), input = form?.querySelector("input");
    if (!form)
        return;
    const box = document.createElement("div"), live = document.createElement("span");
    let asked, timer, at = -1;
    box.className = "answers";
    box.id = "answers";
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", form.querySelector("label").textContent);
    box.hidden = true;
    live.className = "aside";
    live.setAttribute("role", "status");
    form.append(box, live);
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "answers"], ["aria-autocomplete", "list"]])
        input.setAttribute(name, value);

    const options = () => [...box.querySelectorAll("[role=option]")];
    const close = () => {
        asked?.abort();
        clearTimeout(timer);
        box.hidden = true;
        at = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
    };
    const mark = (to) => {
        const all = options();
        all[at]?.setAttribute("aria-selected", "false");
        at = all.length ? (to + all.length + 1) % (all.length + 1) : -1;
        if (at === all.length)                          // between last and first: the box itself, with what was typed
            at = -1;
        all[at]?.setAttribute("aria-selected", "true");
        all[at]?.scrollIntoView({ block: "nearest" });
        if (at < 0)
            input.removeAttribute("aria-activedescendant");
        else
            input.setAttribute("aria-activedescendant", all[at].id);
    };
    const element = (tag, name, text) => {
        const made = document.createElement(tag);
        if (name)
            made.className = name;
        if (text)
            made.textContent = text;
        return made;
    };
    const show = (groups) => {
        let n = 0;
        box.replaceChildren(...groups.filter((group) => group.hits.length).map((group, g) => {
            const part = element("div"), head = element("div", "head", group.title);
            head.id = `answers-${g}`;
            part.setAttribute("role", "group");
            part.setAttribute("aria-labelledby", head.id);
            part.append(head, ...group.hits.map((hit) => {
                const option = element("div", "", hit.title);
                option.id = `answer-${n++}`;
                option.dataset.href = hit.href;
                option.setAttribute("role", "option");
                option.setAttribute("aria-selected", "false");
                if (hit.note)
                    option.append(element("small", "", hit.note));
                return option;
            }));
            return part;
        }));
        if (!n)
            box.append(element("p", "none", input.dataset.none));
        live.textContent = n ? input.dataset.found : input.dataset.none;
        at = -1;
        input.removeAttribute("aria-activedescendant");
        box.hidden = false;
        input.setAttribute("aria-expanded", "true");
    };
    const ask = async () => {
        const words = input.value.trim();
        asked?.abort();
        if (words.length < 2) {
            close();
            return;
        }
        asked = new AbortController();
        try {
            const reply = await fetch(`${form.action.split("?")[0]}.json?q=${encodeURIComponent(words)}`, { signal: asked.signal });
            if (reply.ok)
                show((await reply.json()).groups);
        } catch (fault) {
            if (fault.name !== "AbortError")
                close();                                // the page behind Enter still answers
        }
    };
    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(ask, 80);
    });
    input.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            if (box.hidden)
                ask();
            else
                mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? options().length - 1 : at - 1);
        } else if (event.key === "Escape" && !box.hidden) {
            event.preventDefault();                     // the first Esc closes, the next one empties the box
            close();
        } else if (event.key === "Enter" && at >= 0) {
            event.preventDefault();
            location.assign(options()[at].dataset.href);
        }
    });
    box.addEventListener("pointerdown", (event) => event.preventDefault());     // the focus stays in the box
    box.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option)
            location.assign(option.dataset.href);
    });
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
    document.addEventListener("keydown", (event) => {
        const inField = event.target.closest?.("input, textarea, select, [contenteditable]");
        if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || inField)
            return;
        event.preventDefault();
        input.focus();
        input.select();
    });
})();

// Cards without gaps: rows of one pixel, of which a card takes as many as it is high, so that the next card of its
// column stands right below.
(() => {
    const grid = document.querySelector(".grid:not(.arranged)"), gap = 16;
    if (!grid || !window.ResizeObserver)
        return;
    const heights = new ResizeObserver((changed) => {
        for (const { target } of changed)
            target.style.gridRowEnd = `span ${Math.ceil(target.getBoundingClientRect().height + gap)}`;
    });
    const watch = () => [...grid.children].forEach((card) => heights.observe(card));
    new MutationObserver(watch).observe(grid, { childList: true });     // live.js adds cards
    watch();
    grid.dataset.packed = "";
})();

// A form that was refused: the focus goes to the field it was refused for.
document.querySelector("main [aria-invalid=true]")?.focus();

// SPDX-License-Identifier: Apache-2.0
// home.mjs: the pages as people meet them: wide and narrow, light and dark, by keyboard, without scripts.
//
// in:     BUILD, a build of souk; words: the parts to run, all of them without
// out:    TAP; pictures for people in BUILD/tests/shots, and of the home page in BUILD/tests/home.png
//         (in docs/home.png instead when UPDATE_SCREENSHOT=1)
// knows:  Chromium by playwright-core, rules of accessibility by axe-core
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { keysOfAreas, looksOfAreas } from "./areas.mjs";
import { live } from "./live.mjs";
import { way } from "./way.mjs";

const build = process.env.BUILD;
const only = process.argv.slice(2);
const root = new URL("../..", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"];
const work = mkdtempSync(join(tmpdir(), "souk-browser."));
const data = join(work, "data");
const shots = join(build, "tests", "shots");
const env = { ...process.env, SOUK_NOW: "2026-11-01T12:00:00Z", SOUK_DATA: data, ASAN_OPTIONS: "detect_leaks=0" };

// ---- TAP -----------------------------------------------------------------------------------------------

let n = 0;
async function test(name, body) {
    try {
        await body();
        console.log(`ok ${++n} - ${name}`);
    } catch (fault) {
        console.log(`not ok ${++n} - ${name}`);
        console.log(String(fault instanceof assert.AssertionError ? fault.message : fault.stack).replace(/^/gm, "# ").slice(0, 3000));
    }
}

// Tests that only look at a page: as many at once as there are processors, when looked() is called.
const waiting = [];

function look(name, body) {
    waiting.push([name, body]);
}

async function looked() {
    await Promise.all(Array.from({ length: availableParallelism() }, async () => {
        for (let next = waiting.shift(); next; next = waiting.shift())
            await test(...next);
    }));
}

// ---- souk and the browser -----------------------------------------------------------------------------------

function souk(...words) {
    return execFileSync(join(build, "souk"), words, { env, cwd: root, stdio: ["ignore", "pipe", "ignore"] });
}

function serve(...options) {
    return new Promise((done, failed) => {
        const server = spawn(join(build, "souk"), [...options, "serve", "--port", "0", "--no-sign-in"], { env, cwd: root, stdio: ["ignore", "pipe", "ignore"] });
        server.on("exit", (code) => failed(new Error(`souk serve ended with ${code}`)));
        server.stdout.on("data", (said) => done({ server, address: /http:\S+?(?=\/\s)/.exec(said)[0] }));
    });
}

let browser, address, server;

// A page in a context of its own.  Whatever the page complains of is kept in page.complaints.
async function open(path, options = {}) {
    const { width = 1280, ...more } = options;
    const context = await browser.newContext({ viewport: { width, height: 800 }, locale: "en-US", timezoneId: "UTC", ...more });
    const page = await context.newPage();
    page.complaints = [];
    page.on("console", (said) => ["error", "warning"].includes(said.type()) && page.complaints.push(said.text()));
    page.on("pageerror", (fault) => page.complaints.push(String(fault)));
    page.on("dialog", (dialog) => { page.complaints.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on("requestfailed", (ask) => {                 // what a click on a link cut short is no complaint
        if (ask.failure().errorText !== "net::ERR_ABORTED")
            page.complaints.push(`not loaded: ${ask.url()}`);
    });
    page.on("request", (ask) => ask.url().startsWith(address) || page.complaints.push(`asks elsewhere: ${ask.url()}`));
    const reply = await page.goto(address + path);
    page.status = reply.status();
    return page;
}

async function close(page) {
    await page.context().close();
}

const figures = (page) => page.$$eval("main .stat .value, main .fact dd, main .alert", (all) => all.map((e) => e.textContent));

async function violations(page) {
    await page.evaluate(axe);
    const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), rules);
    return found.violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) =>
        `${rule.id}: ${node.html.slice(0, 160)}\n   ${node.failureSummary.replace(/\s+/g, " ")}`));
}

// ---- looks ---------------------------------------------------------------------------------------------------------

async function looks() {
    const page = await open("/a/demo/?market=DE");
    const why = await page.getAttribute("a.why", "href");
    const late = await page.getAttribute("#orders .stat .value a", "href");
    await close(page);
    const pages = {
        home: "/a/demo/",
        "home-de": "/a/demo/?market=DE&period=90d",
        sales: "/a/demo/w/sales?market=DE",
        orders: "/a/demo/w/orders",
        payments: "/a/demo/w/payments",
        lines: late,
        why,
        accounts: "/",
        empty: "/a/empty/",
        missing: "/a/demo/w/nothing",
        pseudo: "/a/demo/?lang=en-XA",
    };
    const main = ["home", "sales", "orders", "payments", "lines"];
    for (const [name, path] of Object.entries(pages))
        for (const colorScheme of ["light", "dark"])
            for (const width of main.includes(name) ? [320, 390, 1280] : [320, 1280])
                look(`${name}, ${width} wide, ${colorScheme}: accessible, no sideways scrolling, no complaints`, async () => {
                    const page = await open(path, { width, colorScheme });
                    const expected = name === "missing" ? 404 : 200;
                    const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
                    await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
                    const found = width === 390 ? [] : await violations(page);
                    const complaints = page.complaints.filter((said) => !(name === "missing" && /404/.test(said)));
                    const status = page.status;
                    await close(page);
                    assert.equal(status, expected);
                    assert.ok(wide[0] <= wide[1], `${wide[0]} px of content on ${wide[1]} px`);
                    assert.deepEqual(complaints, []);
                    assert.equal(found.join("\n"), "");
                });
    await looked();
    await test("cards stand close and none over another; without scripts none over another either", async () => {
        for (const javaScriptEnabled of [true, false]) {
            const page = await open("/a/demo/", { javaScriptEnabled });
            await page.waitForTimeout(javaScriptEnabled ? 300 : 0);
            const at = [];
            for (const card of await page.locator(".grid > .card").all())
                at.push(await card.boundingBox());
            const beside = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width;
            for (const a of at)
                for (const b of at)
                    assert(a === b || !beside(a, b) || a.y + a.height <= b.y || b.y + b.height <= a.y, "two cards overlap");
            // one card is as near below another as the gap, unless a wider one had to wait for its other columns
            const near = at.filter((a) => at.some((b) => beside(a, b) && Math.abs(a.y - b.y - b.height - 16) <= 1)).length;
            if (javaScriptEnabled)
                assert(near >= at.length - 3, `only ${near} of ${at.length} cards stand right below another`);
            await close(page);
        }
    });
    await test("a picture of the home page", async () => {
        const page = await open("/a/demo/");
        const to = process.env.UPDATE_SCREENSHOT === "1" ? join(root, "docs", "home.png") : join(build, "tests", "home.png");
        mkdirSync(join(to, ".."), { recursive: true });
        await page.setViewportSize({ width: 1280, height: 1240 });
        await page.screenshot({ path: to });
        await close(page);
    });
}

// ---- by keyboard ---------------------------------------------------------------------------------------------------------

async function keyboard() {
    for (const path of ["/a/demo/", "/a/demo/w/sales?market=DE"])
        await test(`${path}: Tab reaches everything in its order, and where one is can be seen`, async () => {
            const page = await open(path);
            const total = await page.evaluate(() => {
                globalThis.stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")]
                    .filter((e) => e.checkVisibility());
                return globalThis.stops.length;
            });
            assert.ok(total > 20, `only ${total} stops`);
            const faults = [];
            for (let i = 0; i < total; i++) {
                await page.keyboard.press("Tab");
                const fault = await page.evaluate((i) => {
                    const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at);
                    if (at !== globalThis.stops[i])
                        return `stop ${i} is ${at.outerHTML.slice(0, 100)} instead of ${globalThis.stops[i].outerHTML.slice(0, 100)}`;
                    if (look.outlineStyle === "none" || parseFloat(look.outlineWidth) < 2)
                        return `no focus to be seen: ${at.outerHTML.slice(0, 100)}`;
                    if (box.width < 1 || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth)
                        return `out of sight: ${at.outerHTML.slice(0, 100)}`;
                    return "";
                }, i);
                if (fault)
                    faults.push(fault);
                if (faults.length > 3)
                    break;
            }
            await close(page);
            assert.deepEqual(faults, []);
        });
    await test("the skip link is first, can be seen, and leads past the ribbon", async () => {
        const page = await open("/a/demo/");
        await page.keyboard.press("Tab");
        const skip = await page.evaluate(() => ({ class: document.activeElement.className, box: document.activeElement.getBoundingClientRect().toJSON() }));
        assert.equal(skip.class, "skip");
        assert.ok(skip.box.width > 40 && skip.box.height > 20 && skip.box.top >= 0, JSON.stringify(skip.box));
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        const next = await page.evaluate(() => [location.hash, !!document.activeElement.closest("main"), !!document.activeElement.closest("header")]);
        await close(page);
        assert.deepEqual(next, ["#main", true, false]);
    });
    await test("a chart's table opens by keyboard", async () => {
        const page = await open("/a/demo/w/sales?market=DE");
        await page.focus("figure.chart summary");
        await page.keyboard.press("Enter");
        const rows = await page.$$eval("figure.chart tbody tr", (all) => all.filter((row) => row.checkVisibility()).length);
        await close(page);
        assert.equal(rows, 30);
    });
}

// ---- charts, and pages without scripts --------------------------------------------------------------------------------------

async function charts() {
    await test("charts are drawn from the tables that stand beside them", async () => {
        const page = await open("/a/demo/w/sales");
        const drawn = await page.$$eval("figure[data-chart]", (all) => all.map((figure) => {
            const canvas = figure.querySelector("canvas"), chart = globalThis.Chart.getChart(canvas);
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            return {
                seen: canvas.checkVisibility() && canvas.getBoundingClientRect().height > 100,
                inked: pixels.filter((value, i) => i % 4 === 3 && value).length,
                data: chart.data.datasets[0].data,
                table: [...figure.querySelectorAll("tbody tr")].map((row) => Number(row.cells[1].dataset.v)),
            };
        }));
        assert.deepEqual(page.complaints, []);
        await close(page);
        assert.ok(drawn.length >= 3, `only ${drawn.length} charts`);
        for (const chart of drawn) {
            assert.ok(chart.seen, "not to be seen");
            assert.ok(chart.inked > 1000, `${chart.inked} pixels`);
            assert.ok(chart.table.length >= 14, `${chart.table.length} rows`);     // traffic is told a day later, proceeds with the last settlement
            assert.deepEqual(chart.data, chart.table);
        }
    });
    for (const path of ["/a/demo/", "/a/demo/w/sales", "/a/demo/w/orders", "/a/demo/w/payments"])
        await test(`${path}: the same figures without scripts`, async () => {
            const page = await open(path), plain = await open(path, { javaScriptEnabled: false });
            const here = await figures(page), there = await figures(plain);
            const canvases = await plain.locator("canvas:visible").count(), tables = await plain.locator("figure.chart").count();
            for (let i = 0; i < tables; i++) {
                await plain.locator("figure.chart summary").nth(i).click();
                assert.ok(await plain.locator("figure.chart table").nth(i).isVisible(), "the table of a chart does not open");
            }
            await close(page);
            await close(plain);
            assert.ok(here.length > 10, `only ${here.length} figures`);
            assert.deepEqual(there, here);
            assert.equal(canvases, 0);
        });
}

// ---- what is in the address -----------------------------------------------------------------------------------------------------

async function switches() {
    await test("markets and periods are switched by links: the figures and the address change", async () => {
        const page = await open("/a/demo/");
        const all = await figures(page);
        await page.click("header .switch >> text=Amazon.de");
        assert.equal(page.url(), `${address}/a/demo/?market=DE`);
        assert.equal(await page.textContent("header .switch [aria-current]"), "Amazon.de");
        const german = await figures(page);
        assert.notDeepEqual(german, all);
        assert.ok(german.some((text) => text.includes("€")) && !german.some((text) => text.includes("$")));
        const title = await page.textContent("figure.chart figcaption");
        await page.click("header .switch >> text=7 days");
        assert.equal(page.url(), `${address}/a/demo/?market=DE&period=7d`);
        assert.notEqual(await page.textContent("figure.chart figcaption"), title);
        await page.click("#sales h2 a");
        assert.equal(page.url(), `${address}/a/demo/w/sales?market=DE&period=7d`);
        await page.goBack();
        await page.goBack();
        assert.deepEqual(await figures(page), german);
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("an option of a widget is in the address, beside the market", async () => {
        const page = await open("/a/demo/w/sales?market=US");
        const before = await figures(page);
        await page.selectOption("select[name=pending]", "without");
        await page.click("form.options button");
        const { market, pending } = Object.fromEntries(new URL(page.url()).searchParams);
        assert.deepEqual({ market, pending }, { market: "US", pending: "without" });
        assert.equal(await page.inputValue("select[name=pending]"), "without");
        assert.notDeepEqual(await figures(page), before);
        await close(page);
    });
    await test("\"Why?\" explains its figure and shows its rows", async () => {
        const page = await open("/a/demo/?market=DE");
        const stat = page.locator("#orders .stat", { hasText: "Late" }).first();
        const late = await stat.locator(".value").textContent();
        await stat.locator("a.why").click();
        const said = await page.textContent("#why");
        assert.match(said, /ship-by day is over/);
        assert.match(said, /ship\.handling_days = \d+/);
        const rows = await page.locator("main .table tbody tr").count();
        assert.equal(String(rows), late.trim());
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
}

// ---- every element there is ----------------------------------------------------------------------------------------------------

async function gallery() {
    for (const colorScheme of ["light", "dark"])
        for (const width of [320, 800, 1400])
            look(`gallery, ${width} wide, ${colorScheme}: accessible, no sideways scrolling, no complaints`, async () => {
                const page = await open("/a/demo/w/gallery", { width, colorScheme });
                for (const fold of await page.locator("main details").all())
                    await fold.evaluate((e) => { e.open = true; });
                const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
                await page.screenshot({ path: join(shots, `gallery-${width}-${colorScheme}.png`), fullPage: true });
                const found = await violations(page);
                const small = await page.$$eval("main form button, main form summary, main input:not([type=hidden]):not([type=checkbox]), main select",
                    (all) => all.filter((e) => e.checkVisibility() && Math.min(e.getBoundingClientRect().height, e.getBoundingClientRect().width) < 24)
                        .map((e) => e.outerHTML.slice(0, 80)));
                const complaints = page.complaints;
                await close(page);
                assert.ok(wide[0] <= wide[1], `${wide[0]} px of content on ${wide[1]} px`);
                assert.deepEqual(complaints, []);
                assert.equal(found.join("\n"), "");
                assert.deepEqual(small, []);
            });
    for (const width of [1280, 390])
        for (const colorScheme of ["light", "dark"])
            look(`fields of which the world has a form, ${width} wide, ${colorScheme}: accessible, no sideways scrolling`, async () => {
                const page = await open("/a/demo/w/gallery-fields", { width, colorScheme });
                assert.equal((await violations(page)).join("\n"), "");
                assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
                await page.screenshot({ path: join(shots, `gallery-fields-${width}-${colorScheme}.png`), fullPage: true });
                await close(page);
            });
    await looked();
    await test("days are ticked, a country chosen, an IBAN typed wrongly: all of it comes back, and is kept without scripts", async () => {
        const page = await open("/a/demo/w/gallery-fields", { javaScriptEnabled: false });
        const form = page.locator("form[action$='gallery.known']");
        await form.getByLabel("Saturday").check();
        await form.getByLabel("Monday").uncheck();
        await form.getByLabel("Last day").fill("2026-12-31");
        await form.getByLabel("Country").selectOption({ label: "Austria" });
        await form.getByLabel("State or province").fill("wien");
        await form.getByLabel("Postcode").fill("1010");
        await form.getByLabel("IBAN").fill("DE69 2105 0170 0012 3456 78");
        await form.getByRole("button", { name: "Keep" }).click();
        assert.match(await form.locator(".fault").textContent(), /The check digits of this IBAN do not fit/);
        assert.equal(await form.getByLabel("IBAN").inputValue(), "DE69 2105 0170 0012 3456 78");
        assert.equal(await form.getByLabel("Saturday").isChecked(), true);
        assert.equal(await form.getByLabel("Monday").isChecked(), false);
        assert.equal(await form.getByLabel("Last day").inputValue(), "2026-12-31");
        assert.equal(await form.getByLabel("Country").inputValue(), "AT");
        assert.equal(await form.locator("datalist option").count(), 9);
        await form.getByLabel("IBAN").fill("DE68 2105 0170 0012 3456 78");
        await form.getByRole("button", { name: "Keep" }).click();
        assert.equal(await form.locator(".fault").count(), 0);
        await page.goto(`${address}/a/demo/w/notices`);
        assert.match(await page.textContent("main"), /ann@example.com/);
        await page.context().close();
    });
    await test("what a person types is labelled, and what is needed says so in words", async () => {
        const page = await open("/a/demo/w/gallery");
        const body = page.getByLabel("Your answer (needed)");
        assert.equal(await body.evaluate((e) => e.tagName), "TEXTAREA");
        assert.equal(await body.getAttribute("required"), "");
        assert.equal(await page.getByLabel("Amount EUR").inputValue(), "12.50");
        assert.equal(await page.getByLabel("Counts in the defect rate").isChecked(), true);
        await close(page);
    });
    await test("a refused form comes back with what was typed, the sentence beside its field and the focus in it", async () => {
        const page = await open("/a/demo/w/gallery");
        const form = page.locator("form[action$='gallery.keep']");
        await form.getByLabel("Subject").fill("A <b>mug</b>");
        await form.getByLabel("Amount").fill("1.234");
        await form.getByLabel("Counts in the defect rate").uncheck();
        await form.getByLabel("Reason").fill("one\n\ntwo");
        await form.getByRole("button", { name: "Keep" }).click();
        const amount = form.getByLabel("Amount");
        assert.match(await form.locator(".fault").textContent(), /"1.234" could have thousands or decimals/);
        assert.equal(await amount.getAttribute("aria-invalid"), "true");
        assert.match(await amount.evaluate((e) => document.getElementById(e.getAttribute("aria-describedby").split(" ")[0]).textContent), /thousands/);
        assert.equal(await amount.evaluate((e) => document.activeElement === e), true);
        assert.equal(await amount.inputValue(), "1.234");
        assert.equal(await form.getByLabel("Subject").inputValue(), "A <b>mug</b>");
        assert.equal(await form.getByLabel("Reason").inputValue(), "one\n\ntwo");
        assert.equal(await form.getByLabel("Counts in the defect rate").isChecked(), false);
        assert.equal((await violations(page)).join("\n"), "");
        await close(page);
    });
    await test("what is not done lightly asks twice, by keyboard and without scripts", async () => {
        const page = await open("/a/demo/w/gallery", { javaScriptEnabled: false });
        const first = page.locator(".twice summary"), second = page.getByRole("button", { name: "Yes: Discard the draft" });
        assert.equal(await second.isVisible(), false);
        await first.focus();
        await page.keyboard.press("Enter");
        assert.equal(await second.isVisible(), true);
        assert.ok(await page.getByText("The draft is gone for good.").isVisible());
        await close(page);
    });
    await test("a long letter is folded and opens; nothing in it turns the page around", async () => {
        const page = await open("/a/demo/w/gallery");
        const end = page.getByText("The end.");
        assert.equal(await end.isVisible(), false);
        await page.getByText("12 more lines").click();
        assert.equal(await end.isVisible(), true);
        const text = await page.textContent("main");
        assert.match(text, /my order \[U\+202E\]3-303\[U\+202C\] never came/);
        assert.doesNotMatch(text, /[\u202A-\u202E\u2066-\u2069\u0000-\u0008]/);
        await close(page);
    });
    await test("printed, the page has no buttons, and all of a letter", async () => {
        const page = await open("/a/demo/w/gallery");
        await page.emulateMedia({ media: "print" });
        assert.equal(await page.locator("main form:visible").count(), 0);
        assert.equal(await page.locator("a.why:visible").count(), 0);
        assert.equal(await page.locator(".switches:visible").count(), 0);
        const height = await page.locator(".rest").evaluate((e) => e.getBoundingClientRect().height);
        await close(page);
        assert.ok(height > 150, `the rest of the letter is ${height} px high`);
    });
    await test("colours that the system forces leave signs and words", async () => {
        const page = await open("/a/demo/w/gallery", { forcedColors: "active" });
        const badge = page.locator(".badge.bad").first();
        assert.equal(await badge.evaluate((e) => getComputedStyle(e, "::before").content.includes("▲")), true);
        assert.equal(await badge.textContent(), "action required (bad)");
        await close(page);
    });
}

// ---- the ribbon: a page that was recorded, with search and menu, and answers made up here ------------------------------------------

async function ribbonPage(options = {}) {
    const real = await (await fetch(`${address}/a/demo/`)).text();
    const asset = (name) => new RegExp(`/assets/${name}\\.[0-9a-f]+\\.(css|js)`).exec(real)[0];
    const html = readFileSync(join(root, "tests/sdk/golden/page.html"), "utf8").replace("/assets/souk.css", asset("souk"))
        .replace("/assets/souk.js", /\/assets\/souk\.[0-9a-f]+\.js/.exec(real)[0]).replace("/assets/chart.min.js", asset("chart.min"));
    const { width = 1280, ...more } = options;
    const context = await browser.newContext({ viewport: { width, height: 800 }, ...more });
    const page = await context.newPage();
    page.asked = [];
    await page.route("**/recorded", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: `${html}<p id="end">End</p></main></body></html>` }));
    await page.route("**/search.json?*", (route) => {
        const words = new URL(route.request().url()).searchParams.get("q");
        page.asked.push(words);
        const hit = (title, note) => ({ title, note, href: `/a/demo/found/${title}` });
        return route.fulfill({ json: { groups: words === "nothing" ? [] : [
            { title: "Orders", hits: [hit("303-1", "2 mugs"), hit("<b>303-2</b>", "")] }, { title: "Help", hits: [hit("Mugs", "How to sell them")] },
        ] } });
    });
    await page.route("**/a/demo/found/*", (route) => route.fulfill({ contentType: "text/html", body: "<p>found" }));
    await page.goto(`${address}/recorded`);
    return page;
}

async function ribbon() {
    for (const colorScheme of ["light", "dark"])
        for (const width of [320, 800, 1400])
            look(`ribbon, ${width} wide, ${colorScheme}: accessible, also with menu and answers open`, async () => {
                const page = await ribbonPage({ width, colorScheme, reducedMotion: "reduce" });
                await page.fill("#q", "mug");
                await page.waitForSelector("[role=option]");
                await page.keyboard.press("ArrowDown");
                const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
                await page.screenshot({ path: join(shots, `ribbon-${width}-${colorScheme}.png`) });
                const found = await violations(page);
                await page.keyboard.press("Escape");
                await page.focus(".menu button");
                await page.screenshot({ path: join(shots, `menu-${width}-${colorScheme}.png`) });
                const also = await violations(page);
                const box = await page.locator("#menu").boundingBox();
                await close(page);
                assert.ok(wide[0] <= wide[1], `${wide[0]} px of content on ${wide[1]} px`);
                assert.ok(box.x >= 0 && box.x + box.width <= width, `the menu is from ${box.x} to ${box.x + box.width}`);
                assert.equal(found.concat(also).join("\n"), "");
            });
    await looked();
    const seen = (page) => page.locator("#menu").isVisible();
    await test("the Settings menu opens on hover, and closes when left and by Esc", async () => {
        const page = await ribbonPage();
        assert.equal(await seen(page), false);
        await page.hover(".menu button");
        assert.equal(await seen(page), true);
        assert.equal(await page.getAttribute(".menu button", "aria-expanded"), "true");
        await page.hover("#menu a >> nth=1");
        assert.equal(await seen(page), true);
        await page.keyboard.press("Escape");
        assert.equal(await seen(page), false);
        await page.hover("#end");
        await page.hover(".menu button");
        assert.equal(await seen(page), true);
        await page.hover("#end");
        assert.equal(await seen(page), false);
        await close(page);
    });
    await test("the Settings menu opens on focus and Enter, arrows move in it, Esc closes it", async () => {
        const page = await ribbonPage();
        await page.focus(".menu button");
        assert.equal(await seen(page), true);
        await page.keyboard.press("Enter");
        assert.equal(await seen(page), true);
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "Imports & more");
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "Policies");
        await page.keyboard.press("Escape");
        assert.equal(await seen(page), false);
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "Settings");
        assert.equal(await page.getAttribute(".menu button", "aria-expanded"), "false");
        await page.keyboard.press("Enter");
        assert.equal(await seen(page), true);
        await page.keyboard.press("Enter");
        assert.equal(await seen(page), false);
        await page.focus("#q");
        assert.equal(await seen(page), false);
        await close(page);
    });
    await test("the Settings menu opens and closes by touch", async () => {
        const page = await ribbonPage({ hasTouch: true, isMobile: true, width: 390 });
        await page.tap(".menu button");
        assert.equal(await seen(page), true);
        await page.tap(".menu button");
        assert.equal(await seen(page), false);
        await page.tap(".menu button");
        await page.tap("#end");
        assert.equal(await seen(page), false);
        await close(page);
    });
    await test("without scripts the Settings menu opens on hover and on focus", async () => {
        const page = await ribbonPage({ javaScriptEnabled: false });
        await page.hover(".menu button");
        assert.equal(await seen(page), true);
        await page.hover("#end");
        await page.focus(".menu button");
        assert.equal(await seen(page), true);
        await close(page);
    });
    await test("/ leads into the search box, answers come while typing, arrows and Enter open one", async () => {
        const page = await ribbonPage();
        await page.keyboard.press("/");
        assert.equal(await page.evaluate(() => document.activeElement.id), "q");
        assert.equal(await page.inputValue("#q"), 'mug "blue"');
        await page.keyboard.type("303/");                       // the words that stood there were marked
        for (let i = 0; i < 250 && page.asked.at(-1) !== "303/"; i++)   // "303" may have been asked for in between
            await page.waitForTimeout(20);
        assert.equal(page.asked.at(-1), "303/");
        await page.waitForSelector("[role=option]");
        assert.deepEqual(await page.$$eval("[role=option]", (all) => all.map((e) => e.firstChild.textContent)), ["303-1", "<b>303-2</b>", "Mugs"]);
        assert.deepEqual(await page.$$eval("#answers [role=group]", (all) => all.map((e) => document.getElementById(e.getAttribute("aria-labelledby")).textContent)), ["Orders", "Help"]);
        const marked = () => page.$$eval("[aria-selected=true]", (all) => all.map((e) => e.firstChild.textContent).join());
        assert.equal(await marked(), "");
        await page.keyboard.press("ArrowUp");
        assert.equal(await marked(), "Mugs");
        await page.keyboard.press("ArrowDown");
        assert.equal(await marked(), "");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        assert.equal(await marked(), "<b>303-2</b>");
        assert.equal(await page.getAttribute("#q", "aria-activedescendant"), "answer-1");
        await page.keyboard.press("Escape");
        assert.equal(await page.isVisible("#answers"), false);
        assert.equal(await page.inputValue("#q"), "303/");
        await page.keyboard.press("ArrowDown");
        await page.waitForSelector("[role=option]");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/a/demo/found/303-1");
        await close(page);
    });
    await test("the search box says when nothing is found, and asks nothing for one letter", async () => {
        const page = await ribbonPage();
        await page.fill("#q", "x");
        await page.fill("#q", "nothing");
        await page.waitForSelector("#answers .none");
        assert.equal(await page.textContent("[role=status]"), "Nothing was found.");
        assert.deepEqual(page.asked, ["nothing"]);
        await page.locator("#end").click();
        assert.equal(await page.isVisible("#answers"), false);
        await close(page);
    });
}

// ---- hostile data ---------------------------------------------------------------------------------------------------------------

async function hostile() {
    const rows = readFileSync(join(root, "tests/page/hostile-orders.tsv"), "utf8").trimEnd().split("\n").slice(1).map((line) => line.split("\t"));
    const shape = "/a/hostile/q/sales/lines?market=ATVPDKIKX0DER&from=2026-10-01&to=2026-11-01&with_pending=yes";
    for (const path of ["/a/hostile/", "/a/hostile/w/sales", shape])
        await test(`${path.slice(0, 24)}: titles and SKUs that look like markup are text`, async () => {
            const page = await open(path);
            const [count, title, cells] = await page.evaluate(() => [
                Object.fromEntries(["script", "img", "svg", "h1", "iframe", "textarea"].map((tag) =>
                    [tag, document.querySelectorAll(`${tag}:not(.brand *)`).length])),
                document.title, [...document.querySelectorAll("td")].map((cell) => cell.textContent),
            ]);
            const complaints = page.complaints;
            await close(page);
            assert.deepEqual(count, { script: 3, img: 0, svg: 0, h1: 1, iframe: 0, textarea: 0 });
            assert.doesNotMatch(title, /owned/);
            assert.deepEqual(complaints, []);
            if (path === shape)
                for (const row of rows)
                    for (const column of [9, 10]) {
                        const text = row[column].replace(/^ +| +$/g, "")        // what turns the direction of writing is shown
                            .replace(/[\u202A-\u202E\u2066-\u2069]/g, (c) => `[U+${c.charCodeAt(0).toString(16).toUpperCase()}]`)
                            .replace(/[\u007F-\u009F]/g, " ");                  // and controls are spaces
                        assert.ok(cells.includes(text), `not among the cells as it is: ${row[column]}`);
                    }
        });
}

// ---- all of it --------------------------------------------------------------------------------------------------------------------

try {
    mkdirSync(shots, { recursive: true });
    souk("demo");
    souk("demo", "-a", "keys", "--orders", "2000");
    souk("account", "create", "empty");
    souk("account", "create", "hostile");
    souk("account", "create", "live");
    souk("import", "-a", "hostile", "tests/page/hostile-orders.tsv");
    ({ server, address } = await serve());
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
    const tools = { test, look, looked, open, close, address, root, violations, shots };
    const parts = { looks, areas: () => looksOfAreas(tools), keyboard, keys: () => keysOfAreas(tools), charts, switches, hostile, live: () => live(tools), ribbon,
        way: () => way({ test, browser, build, root, data: join(work, "way"), souk, violations, shots }) };
    for (const [name, part] of Object.entries(parts))
        if (only.length === 0 || only.includes(name))
            await part();
    server.removeAllListeners("exit");
    await new Promise((gone) => server.on("exit", gone).kill());
    const ini = join(work, "plugins.ini"), own = join(realpathSync(build), "tests/gallery/gallery.so");
    writeFileSync(ini, `${readFileSync(join(root, "plugins.ini"), "utf8")}\n[gallery]\nfile = ${own}\nisolate = no\n`);
    ({ server, address } = await serve("--config", ini));
    if (only.length === 0 || only.includes("gallery"))
        await gallery();
} catch (fault) {
    await test("the browser tests run", () => { throw fault; });
} finally {
    await browser?.close();
    server?.removeAllListeners("exit");
    server?.kill();
    rmSync(work, { recursive: true, force: true });
}
console.log(`1..${n}`);

// SPDX-License-Identifier: Apache-2.0
// home.mjs: the pages as people meet them: wide and narrow, light and dark, by keyboard, without scripts.
//
// in:     BUILD, a build of souk
// out:    TAP; pictures for people in BUILD/tests/shots, and of the home page in BUILD/tests/home.png
//         (in docs/home.png instead when UPDATE_SCREENSHOT=1)
// knows:  Chromium by playwright-core, rules of accessibility by axe-core
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const build = process.env.BUILD;
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
    n++;
    try {
        await body();
        console.log(`ok ${n} - ${name}`);
    } catch (fault) {
        console.log(`not ok ${n} - ${name}`);
        console.log(String(fault instanceof assert.AssertionError ? fault.message : fault.stack).replace(/^/gm, "# ").slice(0, 3000));
    }
}

// ---- souk and the browser -----------------------------------------------------------------------------------

function souk(...words) {
    return execFileSync(join(build, "souk"), words, { env, cwd: root, stdio: ["ignore", "pipe", "ignore"] });
}

function serve() {
    return new Promise((done, failed) => {
        const server = spawn(join(build, "souk"), ["serve", "--port", "0"], { env, cwd: root, stdio: ["ignore", "pipe", "ignore"] });
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
                await test(`${name}, ${width} wide, ${colorScheme}: accessible, no sideways scrolling, no complaints`, async () => {
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
        assert.equal(drawn.length, 3);
        for (const chart of drawn) {
            assert.ok(chart.seen, "not to be seen");
            assert.ok(chart.inked > 1000, `${chart.inked} pixels`);
            assert.equal(chart.table.length, 30);
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
        assert.deepEqual(Object.fromEntries(new URL(page.url()).searchParams), { market: "US", pending: "without" });
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
            assert.deepEqual(count, { script: 2, img: 0, svg: 0, h1: 1, iframe: 0, textarea: 0 });
            assert.doesNotMatch(title, /owned/);
            assert.deepEqual(complaints, []);
            if (path === shape)
                for (const row of rows)
                    for (const column of [9, 10])
                        assert.ok(cells.includes(row[column].replace(/^ +| +$/g, "")), `not among the cells as it is: ${row[column]}`);
        });
}

// ---- all of it --------------------------------------------------------------------------------------------------------------------

try {
    mkdirSync(shots, { recursive: true });
    souk("demo");
    souk("account", "create", "empty");
    souk("account", "create", "hostile");
    souk("import", "-a", "hostile", "tests/page/hostile-orders.tsv");
    ({ server, address } = await serve());
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
    await looks();
    await keyboard();
    await charts();
    await switches();
    await hostile();
} catch (fault) {
    await test("the browser tests run", () => { throw fault; });
} finally {
    await browser?.close();
    server?.removeAllListeners("exit");
    server?.kill();
    rmSync(work, { recursive: true, force: true });
}
console.log(`1..${n}`);

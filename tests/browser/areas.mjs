// SPDX-License-Identifier: Apache-2.0
// areas.mjs: every area of the home page and every page of the host, on the demo shop; and the ways through them
// that a person goes by keyboard alone.
//
// in:     how to open a page and to run souk, from home.mjs; an account "keys", a demo shop of its own
// out:    tests, and pictures for people in BUILD/tests/shots
// knows:  titles as people read them; nothing of any markup but cards, items and forms
import assert from "node:assert/strict";
import { join } from "node:path";

const titles = {
    notices: "Performance Notifications", payments: "Payments", cases: "Manage Your Case Log", sales: "Sales Summary", orders: "Orders",
    coach: "Selling Coach", rating: "Seller Rating", health: "Account Health", feedback: "Customer Feedback", claims: "Claims", messages: "Buyer Messages", promotions: "Promotions",
};
const host = ["imports", "outgoing", "layout", "deadlines", "search?q=mug", "help/", "policies", "plugins", "settings/faq", "settings/links", "settings/data", "settings/preferences",
    "settings", "settings/business", "settings/deposit/new", "settings/charge/new", "settings/listing", "settings/services", "settings/shipping/new",
    "settings/returns/new", "settings/tax", "settings/tax_rates", "settings/people", "settings/log"];

async function widgets(address, account) {
    const { widgets } = await (await fetch(`${address}/api/v1/a/${account}/widgets`)).json();
    return widgets.map((widget) => widget.id);
}

export async function looksOfAreas({ test, look, looked, open, close, address, violations, shots }) {
    const pages = Object.fromEntries([...(await widgets(address, "demo")).map((id) => [id, `w/${id}`]), ...host.map((path) => [path.replace(/\W+/g, "-").replace(/-$/, ""), path])]);
    for (const [name, path] of Object.entries(pages))
        for (const [width, colorScheme] of [[390, "light"], [390, "dark"], [1280, "light"], [1280, "dark"]])
            look(`area ${name}, ${width} wide, ${colorScheme}: accessible, no sideways scrolling, no complaints`, async () => {
                const page = await open(`/a/demo/${path}`, { width, colorScheme });
                const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
                const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 4000);     // not a book
                await page.screenshot({ path: join(shots, `area-${name}-${width}-${colorScheme}.png`), fullPage: true, clip: { x: 0, y: 0, width, height } });
                for (const fold of await page.locator("main details").all())
                    await fold.evaluate((e) => { e.open = true; });
                const open_ = await page.evaluate(() => document.documentElement.scrollWidth);
                const found = await violations(page);
                const { status, complaints } = page;
                await close(page);
                assert.equal(status, 200);
                assert.ok(wide[0] <= wide[1] && open_ <= wide[1], `${wide[0]} px of content, ${open_} px unfolded, on ${wide[1]} px`);
                assert.deepEqual(complaints, []);
                assert.equal(found.join("\n"), "");
            });
    await looked();
    await test("cards have the titles of their areas, and none of them fails", async () => {
        const page = await open("/a/demo/");
        const cards = Object.fromEntries(await page.$$eval(".grid .card", (all) => all.map((card) => [card.id, card.querySelector("h2 a").textContent])));
        const words = await page.textContent("main");
        await close(page);
        assert.deepEqual(cards, Object.fromEntries(Object.keys(cards).map((id) => [id, titles[id]])));
        assert.ok(Object.keys(cards).length >= 12, `only ${Object.keys(cards)}`);
        assert.doesNotMatch(words, /could not be made|is not there|took too long/);
    });
    await test("every link of the home page leads somewhere", async () => {
        const page = await open("/a/demo/");
        const to = await page.$$eval("header a[href], main a[href]", (all) => [...new Set(all.map((a) => a.href.replace(/#.*/, "")))]);
        const dead = [];
        for (const href of to) {
            const { status } = await fetch(href, { method: "GET" });
            if (status !== 200)
                dead.push(`${status} ${href}`);
        }
        await close(page);
        assert.ok(to.length > 100, `only ${to.length} links`);
        assert.deepEqual(dead, []);
    });
}

// Tab after Tab until the focus is on what is looked for; the way a hand without a mouse gets there.
async function tabTo(page, locator) {
    for (let i = 0; i < 400; i++) {
        if (await locator.first().evaluate((e) => e === document.activeElement, null, { timeout: 3000 }))
            return;
        await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not reach ${locator}`);
}

async function enter(page, locator) {
    await tabTo(page, locator);
    await page.keyboard.press("Enter");
}

async function follow(page, locator) {
    await tabTo(page, locator);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

export async function keysOfAreas({ test, open, close, address }) {
    const count = (page, entry) => page.locator("nav.entries a", { hasText: entry }).locator(".count").evaluate((e) => Number(e.firstChild.textContent));
    const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

    await test("keyboard: / and an order's number lead to the order", async () => {
        const page = await open("/a/keys/");
        const order = /\d{3}-\d{7}-\d{7}/.exec(await (await fetch(`${address}/a/keys/w/orders`)).text())[0];
        await page.keyboard.press("/");
        await page.keyboard.type(order);
        await page.waitForSelector("[role=option]");
        await page.keyboard.press("ArrowDown");
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        assert.match(await page.textContent("main"), new RegExp(order));
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("keyboard: through the ribbon's own menu to the imports", async () => {
        const page = await open("/a/keys/");
        await tabTo(page, page.locator(".menu button"));
        await page.keyboard.press("ArrowDown");
        assert.equal(await focused(page), "Listings");
        for (let i = 0; i < 30 && await focused(page) !== "Imports"; i++)
            await page.keyboard.press("ArrowDown");
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        assert.equal(page.url(), `${address}/a/keys/imports`);
        await tabTo(page, page.locator(".menu button"));
        await page.keyboard.press("Escape");
        assert.equal(await page.locator("#menu").isVisible(), false);
        await close(page);
    });
    await test("keyboard: a buyer gets an answer, and waits no longer", async () => {
        const page = await open("/a/keys/");
        const before = await count(page, "Messages");
        await follow(page, page.locator("nav.entries a", { hasText: "Messages" }));
        await follow(page, page.locator("main .item .title a"));
        const form = page.locator("form[action$='message.reply']");
        await tabTo(page, form.locator("textarea"));
        await page.keyboard.type("Thank you for asking: it is on its way.");
        await tabTo(page, form.locator("button").first());
        await page.keyboard.press("Enter");
        await page.waitForSelector("main >> text=it is on its way.");
        await page.waitForFunction((n) => {
            const entry = [...document.querySelectorAll("nav.entries a")].find((a) => a.textContent.includes("Messages"));
            return Number(entry.querySelector(".count")?.firstChild.textContent ?? 0) === n - 1;
        }, before);
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("keyboard: a suggestion is dismissed with a reason, and stays away", async () => {
        const page = await open("/a/keys/");
        await follow(page, page.locator("#coach h2 a"));
        const item = page.locator("main .item", { has: page.locator("form[action$='suggestion.dismiss']") }).first();
        const title = await item.locator(".title").first().textContent();
        const form = item.locator("form[action$='suggestion.dismiss']");
        await enter(page, form.locator("summary"));
        const why = form.locator("textarea, input[type=text]");
        await tabTo(page, why);
        await page.keyboard.type("We sell it off.");
        await enter(page, form.locator("button"));
        await page.waitForFunction((t) => ![...document.querySelectorAll("main .item .title")].some((e) => e.textContent === t), title);
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("keyboard: a claim is answered", async () => {
        const page = await open("/a/keys/");
        await follow(page, page.locator("#claims h2 a"));
        await follow(page, page.locator("main .item .title a"));
        const form = page.locator("form[action$='claim.respond']");
        await tabTo(page, form.locator("textarea"));
        await page.keyboard.type("It was delivered on Friday; the tracking says so.");
        await enter(page, form.locator("button").first());
        await page.waitForSelector("main .letter >> text=the tracking says so.");
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("a mailbox dropped on the page: the ribbon counts one more who waits, the focus stays", async () => {
        const page = await open("/a/keys/");
        const before = await count(page, "Messages");
        await page.focus("#sales h2 a");
        await page.evaluate(() => {
            const mail = ["From - Sun Nov  1 11:00:00 2026", "From: Ada Muster <abc77@marketplace.amazon.de>", "To: shop@example.com",
                "Subject: Frage zu Ihrer Bestellung", "Message-ID: <dropped-1@marketplace.amazon.de>", "Date: Sun, 01 Nov 2026 11:00:00 +0000",
                "Content-Type: text/plain; charset=utf-8", "", "Wann kommt mein Paket?", "", ""].join("\n");
            const data = new DataTransfer();
            data.items.add(new File([mail], "inbox.mbox", { type: "application/mbox", lastModified: Date.UTC(2026, 10, 1) }));
            for (const type of ["dragenter", "dragover", "drop"])
                document.querySelector("main").dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
        });
        await page.waitForFunction((n) => {
            const entry = [...document.querySelectorAll("nav.entries a")].find((a) => a.textContent.includes("Messages"));
            return Number(entry.querySelector(".count")?.firstChild.textContent ?? 0) === n + 1;
        }, before);
        assert.equal(await page.evaluate(() => document.activeElement.closest(".card")?.id), "sales");
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
}

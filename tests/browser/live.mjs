// SPDX-License-Identifier: Apache-2.0
// live.mjs: pages that are changed while somebody looks at them: files dropped on them, cards that are made
// anew, forms in place, cards that are arranged; and the same without scripts.
//
// in:     how to open a page and to run souk, from home.mjs
// out:    tests
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export async function live({ test, open, close, address, root, violations, shots }) {
    const files = join(root, "tests/import/files");
    const post = async (page, path, fields) => {
        const response = await page.request.post(address + path, { data: fields, headers: { Origin: address } });
        return { status: response.status(), ...await response.json() };
    };
    const bring = async (page, account, name, market = "DE") => {
        const response = await page.request.post(`${address}/api/v1/a/${account}/imports?market=${market}`, {
            headers: { Origin: address }, multipart: { file: { name, mimeType: "text/plain", buffer: readFileSync(join(files, name)) } },
        });
        assert.equal(response.status(), 202);
    };
    const widths = (page) => page.$$eval(".grid .card", (all) => all.map((card) => `${card.id} ${/wide(\d)/.exec(card.className)?.[1] ?? 1}`));
    const ids = (page) => page.$$eval(".grid .card", (all) => all.map((card) => card.id));
    // Drops files as a mouse does that comes from another window.
    const drop = (page, names) => page.evaluate((all) => {
        const data = new DataTransfer();
        for (const { name, text } of all)
            data.items.add(new File([text], name, { type: "text/plain", lastModified: Date.UTC(2026, 9, 30) }));
        for (const type of ["dragenter", "dragover", "drop"])
            document.querySelector("main").dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    }, names.map((name) => ({ name, text: readFileSync(join(files, name), "utf8") })));

    // ---- files ------------------------------------------------------------------------------------------------
    await test("files dropped on an empty home page: progress, result, and the cards fill themselves", async () => {
        const page = await open("/a/live/");
        assert.match(await page.textContent("main"), /Nothing was imported yet/);
        await drop(page, ["orders.txt", "stock.txt"]);
        await page.waitForSelector(".brought li.watch >> text=11 rows: 5 new or changed, 0 known already, 6 rejected.");
        await page.waitForSelector(".brought li:nth-child(2) >> text=is no report", { timeout: 100 }).catch(() => null);
        await page.waitForFunction(() => document.querySelectorAll(".brought progress").length === 0);
        await page.waitForFunction(() => document.querySelector("#sales .stat .value"));
        assert.equal(await page.locator(".brought li").count(), 2);
        await page.click(".brought li.watch a");
        assert.match(page.url(), /\/a\/live\/imports\/\d+$/);
        assert.match(await page.textContent("main"), /Non-Amazon US/);
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("a file that is no report: its sentence in place, nothing else disturbed", async () => {
        const page = await open("/a/live/imports");
        await page.setInputFiles("#drop-files", { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear all,\nno report.\n") });
        await page.click(".drop button");
        await page.waitForSelector(".brought li.bad >> text=letter.txt");
        await page.waitForSelector(".items >> text=not imported");
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("without scripts the same form brings the files", async () => {
        const page = await open("/a/live/imports", { javaScriptEnabled: false });
        await page.setInputFiles("#drop-files", [join(files, "orders-later.txt")]);
        await page.click(".drop button");
        assert.equal(page.url(), `${address}/a/live/imports`);
        for (let i = 0; i < 50 && !/orders-later\.txt \(All orders\)/.test(await page.textContent("main")); i++)
            await page.reload();
        assert.match(await page.locator(".items").last().textContent(), /orders-later\.txt \(All orders\)/);
        await close(page);
    });
    await test("the last import is taken back in place: asked twice, said once", async () => {
        const page = await open("/a/live/imports");
        await page.click("text=Take it back");
        await page.click("text=Yes: Take it back");
        await page.waitForSelector("main [role=status] >> text=is taken back");
        assert.equal(page.url(), `${address}/a/live/imports`);
        assert.match(await page.locator(".items").last().locator(".item").first().textContent(), /taken back/);
        await page.waitForFunction(() => /is taken back/.test(document.querySelector("[aria-live=polite].aside").textContent));
        await page.reload();
        assert.equal(await page.locator("main [role=status]").count(), 0);
        assert.deepEqual(page.complaints, []);
        await close(page);
    });

    // ---- cards that are made anew --------------------------------------------------------------------------------
    await test("an import changes the cards that it concerns: focus, scrolling and what is open stay", async () => {
        const page = await open("/a/live/?market=US");
        await page.setViewportSize({ width: 800, height: 500 });
        await page.focus("#sales h2 a");
        await page.evaluate(() => {
            scrollTo(0, 120);
            globalThis.heading = document.querySelector("#sales h2");
            globalThis.flashes = 0;
            new MutationObserver((all) => all.forEach((one) => [...one.removedNodes].forEach((node) => { if (node.nodeName === "SECTION") globalThis.flashes++; })))
                .observe(document.querySelector("main"), { childList: true, subtree: true });
            const fold = document.querySelector("#sales details");
            if (fold)
                fold.open = true;
        });
        const before = await page.textContent("#sales"), open_ = await page.locator("#sales details[open]").count();
        await bring(page, "live", "orders-later.txt", "US");
        await page.waitForFunction((text) => document.querySelector("#sales").textContent !== text, before);
        assert.deepEqual(await page.evaluate(() => [document.activeElement.closest(".card")?.id, document.activeElement.tagName, scrollY,
            globalThis.heading === document.querySelector("#sales h2"), globalThis.flashes]), ["sales", "A", 120, true, 0]);
        assert.equal(await page.locator("#sales details[open]").count(), open_);
        await page.waitForFunction(() => /Changed: .*Sales/.test(document.querySelector("[aria-live=polite].aside").textContent));
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("what does not concern a change is not asked for again", async () => {
        const page = await open("/a/live/"), asked = [];
        page.on("request", (ask) => asked.push(ask.url()));
        await post(page, "/api/v1/a/live/commands/case.add", { subject: "Nobody shows cases" });
        await page.waitForTimeout(600);
        const only = asked.filter((url) => url.includes("_only=")).flatMap((url) => new URL(url).searchParams.get("_only").split(","));
        await close(page);
        assert.ok(!only.includes("sales") && !only.includes("payments"), String(only));
    });

    // ---- arranging -------------------------------------------------------------------------------------------------
    await test("the page to arrange cards: accessible, wide and narrow", async () => {
        for (const width of [320, 1280]) {
            const page = await open("/a/live/layout", { width });
            const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
            await page.screenshot({ path: join(shots, `layout-${width}.png`), fullPage: true });
            const found = await violations(page);
            assert.deepEqual(page.complaints, []);
            await close(page);
            assert.ok(wide[0] <= wide[1], `${wide[0]} px of content on ${wide[1]} px`);
            assert.equal(found.join("\n"), "");
        }
    });
    await test("by keyboard a card is moved, widened and hidden; the focus stays on its button", async () => {
        const page = await open("/a/live/layout");
        const first = (await ids(page))[0];
        const button = (card, text) => page.locator(`#${card} .tools button`, { hasText: text });
        await button(first, "Right").focus();
        await page.keyboard.press("Enter");
        await page.waitForFunction((id) => document.querySelectorAll(".grid .card")[1].id === id, first);
        assert.deepEqual(await page.evaluate(() => [document.activeElement.closest(".card")?.id, document.activeElement.textContent]), [first, "Right"]);
        const before = (await widths(page)).find((at) => at.startsWith(first));
        const other = before.endsWith("3") ? "Narrower" : "Wider";
        await button(first, other).focus();
        await page.keyboard.press("Enter");
        await page.waitForFunction(([id, was]) => {
            const card = document.getElementById(id);
            return `${id} ${/wide(\d)/.exec(card.className)?.[1] ?? 1}` !== was;
        }, [first, before]);
        assert.equal(await page.evaluate(() => document.activeElement.closest(".card")?.id), first);
        await button(first, "Hide").focus();
        await page.keyboard.press("Enter");
        await page.waitForSelector("text=Hidden cards");
        assert.ok(!(await ids(page)).includes(first));
        const home = await open("/a/live/");
        assert.ok(!(await ids(home)).includes(first));
        await close(home);
        await page.click("text=Show");
        await page.waitForSelector(`.grid #${first}`);
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("a card is dragged to its place by its title, and stays there", async () => {
        const page = await open("/a/live/layout");
        await page.setViewportSize({ width: 1280, height: 2400 });      // the mouse reaches what is in sight
        const before = await ids(page), last = before.at(-1);
        const from = await page.locator(`#${last} h2`).boundingBox(), to = await page.locator(`#${before[0]}`).boundingBox();
        await page.mouse.move(from.x + 10, from.y + 8);
        await page.mouse.down();
        for (let step = 1; step <= 10; step++)
            await page.mouse.move(from.x + 10 + (to.x + 8 - from.x - 10) * step / 10, from.y + 8 + (to.y + 8 - from.y - 8) * step / 10);
        const kept = page.waitForResponse((answer) => answer.url().endsWith("/commands/layout.move"));
        await page.mouse.up();
        assert.equal((await kept).status(), 200);
        const after = await ids(page);
        assert.deepEqual([...after].sort(), [...before].sort());
        assert.notDeepEqual(after, before);
        await page.reload();
        assert.deepEqual(await ids(page), after);
        const home = await open("/a/live/");
        assert.deepEqual(await ids(home), after);
        await close(home);
        assert.deepEqual(page.complaints, []);
        await close(page);
    });
    await test("a layout is taken along and brought in, without scripts", async () => {
        const page = await open("/a/live/layout", { javaScriptEnabled: false });
        const file = await (await page.request.get(`${address}/a/live/layout.json`)).text();
        const places = JSON.parse(file).layout;
        const turned = JSON.stringify({ layout: [...places].reverse().map((place) => ({ ...place, width: 2 })) });
        await page.click("text=Bring one in");
        await page.fill("textarea[name=layout]", "nonsense");
        await page.click("text=Use this layout");
        assert.equal(await page.inputValue("textarea[name=layout]"), "nonsense");
        assert.equal(await page.getAttribute("textarea[name=layout]", "aria-invalid"), "true");
        await page.fill("textarea[name=layout]", turned);
        await page.click("text=Use this layout");
        const seen = [...places].reverse().filter((place) => !place.hidden).map((place) => `${place.widget} 2`);
        assert.deepEqual(await widths(page), seen);
        await page.click("text=Forget the layout");
        await page.click("text=Yes: Forget the layout");
        assert.notDeepEqual(await widths(page), seen);
        await close(page);
    });
    await test("what is typed stays when its part of the page changes meanwhile", async () => {
        const page = await open("/a/live/layout");
        await page.click("text=Bring one in");
        await page.fill("textarea[name=layout]", "half a sentence");
        await post(page, "/api/v1/a/live/commands/layout.reset", {});
        await page.waitForTimeout(600);
        assert.equal(await page.inputValue("textarea[name=layout]"), "half a sentence");
        assert.equal(await page.evaluate(() => document.activeElement.name), "layout");
        await close(page);
    });
}

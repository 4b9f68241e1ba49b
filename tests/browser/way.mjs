// SPDX-License-Identifier: Apache-2.0
// way.mjs: the way in, by keyboard alone on a phone-sized page: the address of the set-up, a second factor, out and in
// again with a code and with a recovery code; somebody invited, with what they may.
//
// in:     how to run souk and to open a page, from home.mjs; a data folder of its own
// out:    tests, and pictures for people in BUILD/tests/shots
// knows:  titles and names of fields as people and programs read them
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";

const password = "violet harbour counts nine lanterns";

// RFC 6238 by the definition, for the step that holds now, or a later one.
function code(seed, later = 0) {
    const bits = [...seed].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + later));
    const mac = createHmac("sha1", key).update(step).digest(), at = mac.at(-1) & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

// A server with a sign-in: where it is, and the address of the set-up, which it prints when nobody is there.
async function begin(build, data, root) {
    const { SOUK_NOW, ...env } = process.env;           // codes and sessions are of this moment
    const server = spawn(join(build, "souk"), ["--data", data, "serve", "--port", "0"], { env: { ...env, ASAN_OPTIONS: "detect_leaks=0" }, cwd: root });
    let out = "", err = "";
    server.stdout.on("data", (said) => out += said);
    server.stderr.on("data", (said) => err += said);
    while (!/setup\/\S+\n/.test(err)) {
        if (server.exitCode !== null)
            throw new Error(`souk serve ended: ${err}`);
        await new Promise((later) => setTimeout(later, 20));
    }
    return { server, address: /http:\S+?(?=\/\s)/.exec(out)[0], link: /http:\S+setup\S+/.exec(err)[0] };
}

// What Enter leads to: another page, or an answer in this one, by its selector.
const answered = (page, answer) => answer ? page.waitForSelector(answer) : page.waitForNavigation();

// Types into the fields in their order; Enter sends.
async function type(page, ...fields) {
    const answer = typeof fields.at(-1) === "string" ? fields.pop() : undefined;
    for (const [name, text] of fields) {
        for (let i = 0; i < 80 && await page.evaluate(() => document.activeElement.name) !== name; i++)
            await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement.name), name);
        await page.keyboard.type(text);
    }
    await Promise.all([answered(page, answer), page.keyboard.press("Enter")]);
}

// Tabs to a button or link that says so, and presses it.
async function press(page, words, answer) {
    const at = () => page.evaluate(() => document.activeElement.textContent.trim());
    for (let i = 0; i < 120 && await at() !== words; i++)
        await page.keyboard.press("Tab");
    assert.equal(await at(), words);
    await Promise.all([answered(page, answer), page.keyboard.press("Enter")]);
}

export async function way({ test, browser, build, root, data, souk, violations, shots }) {
    souk("--data", data, "account", "create", "shop");
    const { server, address, link } = await begin(build, data, root);
    const context = await browser.newContext({ viewport: { width: 390, height: 800 }, colorScheme: "dark" });
    const page = await context.newPage();
    const fine = async (name) => {
        await page.screenshot({ path: join(shots, `way-${name}.png`), fullPage: true });
        assert.equal((await violations(page)).join("\n"), "");
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
    };
    let seed, recovery;
    await test("way: nobody gets in before the set-up", async () => {
        await page.goto(`${address}/a/shop/`);
        assert.match(await page.textContent("main"), /souk setup-link/);
        await fine("nobody-yet");
    });
    await test("way: by the printed address the owner is set up and comes to the home page", async () => {
        await page.goto(link);
        await fine("set-up");
        await type(page, ["email", "anna@example.com"], ["name", "Anna"], ["password", "short"]);
        assert.match(await page.textContent(".alert"), /it needs 12/);
        assert.equal(await page.inputValue("[name=email]"), "anna@example.com");
        await type(page, ["password", password]);
        assert.equal(page.url(), `${address}/a/shop/`);
    });
    await test("way: a second factor is set up by the words below its picture", async () => {
        await press(page, "anna@example.com");
        await fine("you");
        await press(page, "Set up a second factor");
        await press(page, "Set it up");
        seed = (await page.textContent("dt:has-text('To be typed') + dd")).replaceAll(" ", "");
        assert.ok(await page.locator("svg.qr path").getAttribute("d"));
        await fine("factor");
        await type(page, ["code", code(seed)]);
        recovery = await page.$$eval("dl.facts dd", (all) => all.map((dd) => dd.textContent.trim()));
        assert.equal(recovery.length, 10);
        await fine("recovery");
    });
    await test("way: out, and in again with a code of the device", async () => {
        await page.goto(`${address}/you`);
        await press(page, "Sign out");
        await fine("sign-in");
        await type(page, ["email", "anna@example.com"], ["password", password]);
        await fine("code");
        await type(page, ["code", "000000"]);
        assert.match(await page.textContent(".alert"), /\S/);
        await type(page, ["code", code(seed, 1)]);
        assert.equal(page.url(), `${address}/a/shop/`);
    });
    await test("way: a recovery code stands in for the device", async () => {
        await page.goto(`${address}/you`);
        await press(page, "Sign out");
        await type(page, ["email", "anna@example.com"], ["password", password]);
        await type(page, ["code", recovery[0]]);
        assert.equal(page.url(), `${address}/you`);
    });
    await test("way: somebody is invited, and may what was granted", async () => {
        await page.goto(`${address}/a/shop/settings/people`);
        await type(page, ["email", "berta@example.com"], ".alert.good");
        const invitation = /http:\S+\/invite\/\S+/.exec(await page.textContent(".alert.good"))[0];
        await fine("users");
        const hers = await (await browser.newContext({ viewport: { width: 390, height: 800 } })).newPage();
        await hers.goto(invitation);
        await type(hers, ["name", "Berta"], ["password", password]);
        assert.equal(await hers.locator(".grid .card").count(), 0);
        await page.goto(`${address}/a/shop/settings/people`);
        await press(page, "Berta (berta@example.com)");
        await fine("user");
        await page.selectOption("[name='may.widget:sales']", "view");
        await press(page, "Save", ".alert.good");
        await hers.reload();
        assert.deepEqual(await hers.$$eval(".grid .card", (all) => all.map((card) => card.id)), ["sales"]);
        await hers.context().close();
    });
    await context.close();
    server.kill();
    await once(server, "exit");
}

// The lab inside other pages: frames, with and without an origin, their messages, `embed.js`, a course page, what Share and Sphinx make.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

/// Serves pages by name, and the rest from a folder, as most hosts do: files may be kept for a while, and there are no CORS headers. Counts what it sends.
async function host(pages, folder) {
  const sent = new Map();
  let bytes = 0;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname).slice(1) || "index.html";
    try {
      const body = pages[path] ?? (await readFile(join(folder, path)));
      sent.set(path, (sent.get(path) ?? 0) + 1);
      bytes += body.length;
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "cache-control": "max-age=600" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  // Two names of one server are two origins.
  return { url: `http://127.0.0.1:${port}/`, other: `http://localhost:${port}/`, sent, bytes: () => bytes, close: () => server.close() };
}

const frame_address = (base, code, rest = "") => `${base}embed.html#code=${encodeURIComponent(code)}${rest}`;
const html = (body) => `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>A course</title><body>${body}</body></html>`;
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const iframe = (address, more = "") => `<iframe title="lab" width="720" height="460" src="${escape(address)}" ${more}></iframe>`;

/// Keeps what frames tell, and says when something was told.
const LISTEN = `<script>
const told = [];
addEventListener("message", ({ data, origin }) => data?.heddle && told.push({ ...data, origin }));
const frame = () => document.querySelector("iframe");
const send = (message, to = "*") => frame().contentWindow.postMessage({ heddle: 1, ...message }, to);
</script>`;

const told = (page, type, at = 0) =>
  page.waitForFunction(([type, at]) => told.filter((one) => one.type === type)[at], [type, at], { timeout: 60_000 }).then((found) => found.jsonValue());
const frame_of = (page, at = 0) => page.frameLocator("iframe").nth(at);
const button = (frame, name) => frame.getByRole("button", { name, exact: true });
const editor = (frame) => frame.getByRole("textbox", { name: "Editor" });

const COUNT = `import threading

def count(n):
    while n > 0:
        n -= 1

threads = [threading.Thread(target=count, args=(100_000,), name=f"T{i}") for i in (1, 2)]
for t in threads: t.start()
for t in threads: t.join()
print("counted")
`;

/// A page of ours, and the server that has it.
async function page_with(fresh, dist, pages, options = {}) {
  const server = await host(pages, dist);
  const lab = await fresh(options);
  // Several labs load at once.
  lab.page.setDefaultTimeout(60_000);
  return { server, lab, page: lab.page };
}

/// Opens in the lab what a link says, and gives the hash of its run.
async function hash_in_lab(fresh, address) {
  const lab = await fresh();
  await lab.open(new URL(address).hash);
  await lab.run();
  await lab.finished();
  return lab.hash();
}

export default {
  "embed: a frame shows the lines that its address says, runs hidden code, and opens the reader's version in the lab": async ({ fresh, dist }) => {
    const code = "def greet():\n    print('hello', NAME)\n\ngreet()\n";
    const rest = `&setup=${encodeURIComponent("NAME = 'Ada'\n")}&lines=1-2&title=Greeting&cores=3&view=code`;
    const { server, lab, page } = await page_with(fresh, dist, {});
    await page.goto(frame_address(server.url, code, rest));
    await editor(page).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Greeting" }).count(), 1);
    await page.getByText("3 cores").waitFor();
    await page.waitForFunction(() => !document.querySelector(".cm-content").innerText.includes("NAME = "));
    assert.deepEqual((await editor(page).innerText()).trimEnd().split("\n"), ["def greet():", "    print('hello', NAME)"]);
    // The numbers of the lines are those of tracebacks.
    assert.ok((await page.locator(".cm-lineNumbers").innerText()).split("\n").includes("3"));
    await button(page, "Run").click();
    await page.getByRole("log", { name: "Output" }).getByText("hello Ada").waitFor();
    // Everything marked and overwritten: what is hidden stays.
    await editor(page).click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText("def greet():\n    print('good night', NAME)");
    await button(page, "Run").click();
    await page.getByRole("log", { name: "Output" }).getByText("good night Ada").waitFor();
    const [popup] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: "Open in the lab" }).click()]);
    await popup.waitForURL((url) => url.href.startsWith(server.url));
    await popup.waitForFunction(() => localStorage.getItem("heddle.program")?.includes("good night"));
    const program = await popup.evaluate(() => localStorage.getItem("heddle.program"));
    assert.ok(program.includes("NAME = 'Ada'\n") && program.includes("\ngreet()\n") && program.includes("# cores = 3"), program);
    // The frame itself stores nothing.
    await button(page, "Reset").click();
    await page.waitForFunction(() => document.querySelector(".cm-content").innerText.includes("'hello'"));
    lab.assert_no_errors();
    server.close();
  },
  "embed: a program that is only to be read, at a moment, without stealing the wheel": async ({ fresh, dist }) => {
    const { server, page } = await page_with(fresh, dist, {});
    await page.setViewportSize({ width: 720, height: 420 });
    await page.goto(frame_address(server.url, COUNT, "&readonly&autorun&at=4ms"));
    await page.getByText("4.000 ms").first().waitFor();
    await editor(page).click();
    await page.keyboard.type("x");
    assert.equal(await button(page, "Reset").count(), 0);
    assert.ok((await editor(page).innerText()).startsWith("import threading"));
    // A plain wheel is the page's; with Ctrl it zooms.
    const wheel = (ctrlKey) => page.evaluate((ctrlKey) => {
      const event = new WheelEvent("wheel", { deltaY: 100, ctrlKey, bubbles: true, cancelable: true });
      return document.querySelector(".can").dispatchEvent(event);
    }, ctrlKey);
    assert.equal(await wheel(false), true);
    assert.equal(await wheel(true), false);
    server.close();
  },
  "embed: what cannot be read in an address is told, and the rest counts": async ({ fresh, dist }) => {
    const { server, page } = await page_with(fresh, dist, {});
    await page.goto(`${server.url}embed.html#h1.AAAA&colour=red&cores=4`);
    await page.getByRole("alert").getByText(/colour is nothing that can be set here.*This link/s).waitFor();
    await page.getByText("4 cores").waitFor();
    server.close();
  },
  "embed: a frame tells what happens and obeys commands of the page around, of nobody else": async ({ fresh, dist }) => {
    const pages = {};
    const { server, page } = await page_with(fresh, dist, pages);
    pages["page.html"] = html(LISTEN + iframe(frame_address(server.other, `# /// lab\n# title = "Counting"\n# ///\n${COUNT}`)));
    await page.goto(`${server.url}page.html`);
    const ready = await told(page, "ready");
    assert.deepEqual({ heddle: ready.heddle, title: ready.title, origin: ready.origin }, { heddle: 1, title: "Counting", origin: new URL(server.other).origin });
    await page.evaluate(() => send({ type: "run" }));
    await told(page, "started");
    const first = await told(page, "finished");
    assert.deepEqual(first.outcome, { kind: "exited", status: 0, uncaught: null });
    assert.match(first.traceHash, /^[0-9a-f]{16}$/);
    // The same scenario in the lab gives the same hash.
    const link = await frame_of(page).getByRole("link", { name: "Open in the lab" }).getAttribute("href");
    assert.equal(await hash_in_lab(fresh, link), first.traceHash);
    // Another machine runs again.
    await page.evaluate(() => send({ type: "setMachine", machine: { python: "3.13t", cores: 2 } }));
    const second = await told(page, "finished", 1);
    assert.notEqual(second.traceHash, first.traceHash);
    assert.ok(second.virtualNs < first.virtualNs);
    await frame_of(page).getByText("3.13t").waitFor();
    await page.evaluate(() => send({ type: "seek", at: "1ms" }));
    await frame_of(page).getByText("1.000 ms").first().waitFor();
    await page.evaluate(() => send({ type: "seek", at: 2000000 }));
    await frame_of(page).getByText("2.000 ms").first().waitFor();
    // Another program; then the reader's own edit is told, that of the page is not.
    await page.evaluate(() => send({ type: "setCode", code: "raise SystemExit(3)\n" }));
    await frame_of(page).getByText("SystemExit").waitFor();
    await page.evaluate(() => send({ type: "run" }));
    assert.deepEqual((await told(page, "finished", 2)).outcome, { kind: "exited", status: 3, uncaught: null });
    await editor(frame_of(page)).click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.insertText("\nwhile True: pass");
    assert.equal((await told(page, "edited")).code, "raise SystemExit(3)\nwhile True: pass\n");
    assert.equal(await page.evaluate(() => told.filter((one) => one.type === "edited").length), 1);
    await page.evaluate(() => send({ type: "setCode", code: "while True: pass\n" }));
    await page.evaluate(() => send({ type: "run" }));
    await told(page, "started", 3);
    await page.evaluate(() => send({ type: "stop" }));
    assert.deepEqual((await told(page, "finished", 3)).outcome, { kind: "stopped" });
    await page.evaluate(() => send({ type: "setCode", code: "print(1 2)\n" }));
    await page.evaluate(() => send({ type: "run" }));
    const refused = (await told(page, "finished", 4)).outcome;
    assert.deepEqual([refused.kind, refused.line], ["refused", 1]);
    assert.match(refused.message, /^SyntaxError/);
    await page.evaluate(() => send({ type: "setTheme", theme: "dark" }));
    await frame_of(page).locator("html[data-theme=dark]").waitFor();
    // What cannot be obeyed is told.
    for (const [at, wrong] of [{ type: "dance" }, { type: "setMachine", machine: { speed: 3 } }, { type: "setMachine", machine: { cores: 0 } }, { type: "seek", at: "soon" }].entries()) {
      await page.evaluate((wrong) => send(wrong), wrong);
      assert.match((await told(page, "problem", at)).message, /\.$/);
    }
    // A window that is not its parent is not heard: here the frame itself.
    const inner = page.frames().find((frame) => frame.url().includes("embed.html"));
    await inner.evaluate(() => postMessage({ heddle: 1, type: "setTheme", theme: "light" }, "*"));
    await inner.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    assert.equal(await inner.evaluate(() => document.documentElement.dataset.theme), "dark");
    server.close();
  },
  "embed: a page of another origin than the address names is neither told nor heard": async ({ fresh, dist }) => {
    const pages = {};
    const { server, page } = await page_with(fresh, dist, pages);
    pages["page.html"] = html(LISTEN + iframe(frame_address(server.other, COUNT, "&host=https%3A%2F%2Fcourse.example")));
    await page.goto(`${server.url}page.html`);
    await editor(frame_of(page)).waitFor();
    await page.evaluate(() => send({ type: "setTheme", theme: "dark" }));
    await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
    assert.equal(await frame_of(page).locator("html[data-theme=dark]").count(), 0);
    assert.deepEqual(await page.evaluate(() => told), []);
    server.close();
  },
  "embed: a frame without an origin, from a host without CORS, runs programs and the whole library": async ({ fresh, dist, shots }) => {
    const pages = {};
    const { server, lab, page } = await page_with(fresh, dist, pages);
    const code = "import json\nimport threading\nt = threading.Thread(target=lambda: print(json.dumps({'it': 'runs'})))\nt.start(); t.join()\n";
    pages["page.html"] = html(LISTEN + iframe(frame_address(server.other, code, "&autorun"), 'sandbox="allow-scripts"'));
    await page.goto(`${server.url}page.html`);
    const { outcome, traceHash, origin } = await told(page, "finished");
    assert.deepEqual([outcome.kind, origin], ["exited", "null"]);
    await button(frame_of(page), "One step on").waitFor();
    await frame_of(page).getByTitle("What the program wrote").click();
    await frame_of(page).getByRole("log", { name: "Output" }).getByText('{"it": "runs"}').waitFor();
    await page.screenshot({ path: join(shots, "embed-sandboxed.png") });
    const link = await frame_of(page).getByRole("link", { name: "Open in the lab" }).getAttribute("href");
    assert.equal(await hash_in_lab(fresh, link), traceHash);
    // What could not be fetched came as scripts, and nothing else went wrong.
    for (const part of [/^engine-.*\.lzma\.js$/, /^library-.*\.lzma\.js$/, /_bg\.wasm\.js$/]) assert.ok([...server.sent.keys()].some((name) => part.test(name)), String(part));
    assert.deepEqual(lab.errors.filter((words) => !/CORS|ERR_FAILED/.test(words)), []);
    assert.deepEqual([...server.sent.keys()].filter((name) => name.startsWith("fonts")), []);
    server.close();
  },
  "embed.js is at most 4 KB, gzipped": async ({ dist }) => {
    const size = gzipSync(await readFile(join(dist, "embed.js")), { level: 9 }).length;
    assert.ok(size <= 4096, `${size} bytes`);
  },
  "embed.js: nothing large before the reader comes near; twenty labs share one download and two engines": async ({ fresh, dist }) => {
    const labs = Array.from({ length: 20 }, (_, n) => `<p style="height:1200px">Chapter ${n}</p><heddle-lab id="lab${n}" title="Lab ${n}" view="code"><pre>print("this is", ${n})\n</pre></heddle-lab>`);
    const pages = {};
    const { server, lab, page } = await page_with(fresh, dist, pages);
    pages["page.html"] = html(`<script src="embed.js"></script>${labs.join("")}`);
    await page.goto(`${server.url}page.html`);
    await page.locator("#lab0 pre[tabindex]").getByText('print("this is", 0)').waitFor({ state: "attached" });
    await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
    assert.ok(server.bytes() < 100_000, `${server.bytes()} bytes before anything was near`);
    assert.equal(page.frames().length, 1);
    for (let n = 0; n < 20; n++) {
      await page.locator(`#lab${n}`).scrollIntoViewIfNeeded();
      const frame = page.frameLocator(`#lab${n} iframe`);
      await editor(frame).waitFor();
      if (n % 4 === 0) {
        await button(frame, "Run").click();
        await frame.getByRole("log", { name: "Output" }).getByText(`this is ${n}`).waitFor();
        assert.ok(page.workers().length <= 2, `${page.workers().length} engines`);
      }
    }
    const large = [...server.sent].filter(([name]) => /\.(wasm|lzma)$|^editor\.js$|^embed-page/.test(name));
    assert.ok(large.length >= 4);
    for (const [name, times] of large) assert.equal(times, 1, `${name} was sent ${times} times`);
    // The first has given its engine up, shows what it showed, and gets one again.
    await page.locator("#lab0").scrollIntoViewIfNeeded();
    const first = page.frameLocator("#lab0 iframe");
    await first.getByRole("log", { name: "Output" }).getByText("this is 0").waitFor();
    await page.evaluate(() => {
      globalThis.ends = 0;
      addEventListener("heddle-finished", () => ends++);
      document.querySelector("#lab0").run();
    });
    await page.waitForFunction(() => ends === 1);
    assert.ok(page.workers().length <= 2);
    // One that works gives its engine up where two others want one.
    await page.evaluate(() => {
      const [a, b, c] = ["#lab0", "#lab4", "#lab8"].map((id) => document.querySelector(id));
      globalThis.log = [];
      for (const one of [a, b, c]) one.addEventListener("heddle-finished", ({ detail }) => log.push([one.id, detail.outcome.kind]));
      a.setCode("while True: pass\n");
      b.setCode("while True: pass\n");
      a.run();
      a.addEventListener("heddle-started", () => setTimeout(() => b.run(), 500), { once: true });
      b.addEventListener("heddle-started", () => (globalThis.both = true), { once: true });
    });
    await page.waitForFunction(() => globalThis.both);
    await button(page.frameLocator("#lab8 iframe"), "Run").click();
    await page.waitForFunction(() => log.length >= 2, undefined, { timeout: 60_000 });
    assert.deepEqual(await page.evaluate(() => log), [["lab0", "stopped"], ["lab8", "exited"]]);
    await page.evaluate(() => document.querySelector("#lab4").stop());
    lab.assert_no_errors();
    server.close();
  },
  "embed.js: frames of one page agree about engines without it, too": async ({ fresh, dist }) => {
    const pages = {};
    const { server, page } = await page_with(fresh, dist, pages);
    pages["page.html"] = html([1, 2, 3].map((n) => iframe(frame_address(server.url, `print("frame", ${n})\n`, "&view=code"))).join(""));
    await page.goto(`${server.url}page.html`);
    for (const n of [0, 1, 2, 0]) {
      await button(frame_of(page, n), "Run").click();
      await frame_of(page, n).getByText(`frame ${n + 1}`, { exact: true }).waitFor();
      await frame_of(page, n).getByText(/^ran /).waitFor();
      assert.ok(page.workers().length <= 2, `${page.workers().length} engines`);
    }
    server.close();
  },
  "embed.js: attributes, code from the page and from files, loading, themes and methods": async ({ fresh, dist }) => {
    const pages = { "count.py": COUNT, "prepare.py": "import os\nGREETING = 'from a file'\n" };
    const { server, lab, page } = await page_with(fresh, dist, pages, { viewport: { width: 1200, height: 2600 } });
    const style = "<style>body{color:#111;background:#fff}body.night{color:#eee;background:#111}</style>";
    pages["page.html"] = html(`<script src="${server.other}embed.js"></script>${style}
      <heddle-lab id="file" src="count.py" title="From a file" python="3.13t" cores="4" at="1ms" autorun></heddle-lab>
      <pre data-heddle data-view="output" data-title="A block" data-autorun><code class="language-python"><span>print</span>("1 &lt; 2")\n</code></pre>
      <div class="sourceCode" data-cores="3"><pre class="sourceCode python heddle view=code"><code>print("marked by a class")\n</code></pre></div>
      <heddle-lab id="text" load="click" setup="prepare.py" height="300" theme="dark">
        <script type="text/plain">
          if GREETING:
              print(GREETING)
        </script>
      </heddle-lab>
      <heddle-lab id="missing" src="nowhere.py"></heddle-lab>
      <heddle-lab id="sandboxed" sandbox="allow-scripts" load="eager" view="code" autorun><pre>print("no origin")</pre></heddle-lab>`);
    await page.goto(`${server.url}page.html`);
    const frame = (id) => page.frameLocator(`${id} iframe`);
    await frame("#file").getByText("1.000 ms").first().waitFor();
    for (const words of ["From a file", "3.13t", "4 cores"]) await frame("#file").getByText(words, { exact: true }).waitFor();
    await frame("[title='A block']").getByText("1 < 2").first().waitFor();
    assert.equal(await editor(frame("[title='A block']")).count(), 0);
    await frame("[cores='3']").getByText("marked by a class").waitFor();
    await frame("#sandboxed").getByRole("log").getByText("no origin").waitFor();
    await page.locator("#missing").getByText(/nowhere\.py: the server answered 404/).waitFor();
    // As high as it needs to be, without a bar of its own.
    const inner = page.frames().find((one) => one.url().includes("From%20a%20file"));
    const [needed, has] = await inner.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
    assert.ok(Math.abs(needed - has) <= 1, `${needed} in ${has}`);
    // Nothing is loaded before the click; then it runs, set-up code first.
    assert.equal(await page.locator("#text iframe").count(), 0);
    await page.locator("#text").getByRole("button", { name: "Run" }).click();
    await frame("#text").getByText("from a file").first().waitFor();
    assert.equal(await page.locator("#text iframe").evaluate((one) => one.offsetHeight), 300);
    await frame("#text").locator("html[data-theme=dark]").waitFor();
    // The others follow the page.
    await frame("#file").locator("html[data-theme=light]").waitFor();
    await page.evaluate(() => document.body.classList.add("night"));
    await frame("#file").locator("html[data-theme=dark]").waitFor();
    await page.evaluate(() => document.body.classList.remove("night"));
    await frame("#file").locator("html[data-theme=light]").waitFor();
    assert.equal(await frame("#text").locator("html[data-theme=dark]").count(), 1);
    // An attribute that changes, and a lab that is moved.
    await page.evaluate(() => document.querySelector("#file").setAttribute("cores", "2"));
    await frame("#file").getByText("2 cores").waitFor();
    await page.evaluate(() => document.body.append(document.querySelector("#file")));
    await frame("#file").getByText("1.000 ms").first().waitFor();
    assert.deepEqual(lab.errors.filter((words) => !/CORS|ERR_FAILED|404/.test(words)), []);
    server.close();
  },
  "embed: the example of a course page, light, dark and on a phone": async ({ fresh, dist, shots }) => {
    const axe = await readFile(join(root, "tests/e2e/node_modules/axe-core/axe.min.js"), "utf8");
    for (const [name, options] of [
      ["course", { viewport: { width: 1440, height: 900 } }],
      ["course-dark", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }],
      ["course-phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
    ]) {
      const { server, lab, page } = await page_with(fresh, dist, {}, options);
      await page.goto(`${server.url}course.html`);
      const labs = await page.locator("heddle-lab").count();
      assert.equal(labs, 4);
      for (let n = 0; n < labs; n++) {
        const element = page.locator("heddle-lab").nth(n);
        await element.scrollIntoViewIfNeeded();
        const frame = element.frameLocator("iframe");
        await button(frame, "Run").click();
        await frame.getByRole("status").getByText(/^(ran|deadlocked)/).waitFor({ state: "attached", timeout: 60_000 });
        await element.screenshot({ path: join(shots, `${name}-${n + 1}.png`) });
      }
      await page.locator("heddle-lab").nth(2).frameLocator("iframe").getByRole("alert").getByText(/T1 waits for lock `b.lock`, held by T2/).waitFor();
      const plain = page.locator("iframe.plain");
      await plain.scrollIntoViewIfNeeded();
      await button(page.frameLocator("iframe.plain"), "Run").click();
      await page.frameLocator("iframe.plain").getByText("hello from T3").waitFor({ timeout: 60_000 });
      await plain.screenshot({ path: join(shots, `${name}-5.png`) });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} scrolls sideways by ${wide} px`);
      for (const frame of page.frames()) {
        await frame.evaluate(axe);
        const { violations } = await frame.evaluate(() => axe.run(document, { iframes: false }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], `${name}: ${frame.url().slice(0, 60)}`);
      }
      assert.deepEqual(lab.errors.filter((words) => !/CORS|ERR_FAILED/.test(words)), []);
      server.close();
    }
  },
  "embed: what Share gives works in a page": async ({ fresh, dist, shots }) => {
    const pages = {};
    const server = await host(pages, dist);
    const lab = await fresh();
    lab.address = server.url;
    await lab.open();
    await lab.type(`# /// lab\n# title = "Less < more"\n# cores = 3\n# ///\n${COUNT}`);
    await lab.run();
    await lab.finished();
    const hash = await lab.hash();
    await lab.button("Share").click();
    const dialog = lab.page.getByRole("dialog", { name: "Share" });
    const take = async (kind) => {
      await dialog.getByRole("tab", { name: kind, exact: true }).click();
      return dialog.getByRole("textbox", { name: kind, exact: true }).inputValue();
    };
    assert.match(await take("Markdown"), /^\[Less < more\]\(http.*#h2\.[\w-]+\)$/);
    assert.match(await take("Sphinx"), /^\.\. heddle::\n   :title: Less < more\n\n   # \/\/\/ lab\n/);
    await take("iframe");
    await dialog.getByRole("button", { name: "Watch" }).click();
    await dialog.getByRole("button", { name: "Dark" }).click();
    await lab.page.screenshot({ path: join(shots, "share.png") });
    pages["frame.html"] = html(LISTEN + (await take("iframe")));
    await dialog.getByRole("button", { name: "Run and edit" }).click();
    await dialog.getByRole("button", { name: "As the page" }).click();
    pages["script.html"] = html(LISTEN + (await take("Script")));
    await lab.page.goto(`${server.url}frame.html`);
    assert.equal((await told(lab.page, "finished")).traceHash, hash);
    await frame_of(lab.page).locator("html[data-theme=dark]").waitFor();
    await lab.page.goto(`${server.url}script.html`);
    await button(lab.page.frameLocator("heddle-lab iframe"), "Run").click();
    assert.equal((await told(lab.page, "finished")).traceHash, hash);
    await lab.page.frameLocator("heddle-lab iframe").getByRole("heading", { name: "Less < more" }).waitFor();
    lab.assert_no_errors();
    server.close();
  },
  "embed: a document that Sphinx has built runs its programs": async ({ fresh, dist }) => {
    const python = join(root, "target/sphinx/bin/python");
    assert.ok(existsSync(python), "there is no Sphinx: cargo xtask sphinx gets it");
    const out = await mkdtemp(join(tmpdir(), "heddle-sphinx-"));
    const settings = ["heddle_url=", `heddle_dist=${dist}`].map((one) => `--define=${one}`);
    execFileSync(python, ["-m", "sphinx", "--quiet", "--fail-on-warning", ...settings, join(root, "web/sphinx/tests/course"), out], {
      env: { ...process.env, PYTHONPATH: join(root, "web/sphinx") },
    });
    const { server, lab, page } = await page_with(fresh, out, {});
    await page.goto(`${server.url}index.html`);
    const first = page.locator("heddle-lab").first();
    await first.scrollIntoViewIfNeeded();
    const frame = first.frameLocator("iframe");
    await frame.getByRole("heading", { name: 'Two "threads" & more' }).waitFor();
    await button(frame, "Run").click();
    await frame.getByRole("log").getByText("<1>").waitFor();
    assert.ok(!(await editor(frame).innerText()).includes("import threading"));
    // The second begins at its third line, by itself.
    const second = page.locator("heddle-lab").nth(1).frameLocator("iframe");
    await second.getByText(/^0\.5 s$/).first().waitFor({ state: "attached" });
    // Its theme has no icon.
    assert.deepEqual(lab.errors.filter((words) => !/404/.test(words)), []);
    server.close();
  },
};

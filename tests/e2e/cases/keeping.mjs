// What is kept: links with their view, files, the scenarios of this browser, the page without a network, and the policy that says what it may load.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { moment, ran } from "../lab.mjs";
import { serve } from "../server.mjs";

const PROGRAM = `# /// lab
# title = "Two at work"
# cores = 2
# ///
import threading

def work(n):
    while n > 0:
        n -= 1

threads = [threading.Thread(target=work, args=(200_000,), name=name) for name in ("A", "B")]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("both done")
`;

async function gallery(lab) {
  await lab.button("Gallery").click();
  return lab.page.getByRole("dialog", { name: "Gallery" });
}
const shared = (lab) => lab.page.getByRole("textbox", { name: "Link" }).inputValue();
/// The scenarios that the browser keeps, by title.
const kept = (lab) =>
  lab.page.evaluate(
    () =>
      new Promise((done, fail) => {
        const request = indexedDB.open("heddle", 1);
        request.onerror = () => fail(request.error);
        request.onsuccess = () => {
          if (!request.result.objectStoreNames.contains("scenarios")) return done([]);
          const all = request.result.transaction("scenarios").objectStore("scenarios").getAll();
          all.onsuccess = () => done(all.result.map(({ title, source }) => ({ title, source })).sort((a, b) => (a.title < b.title ? -1 : 1)));
        };
      }),
  );
async function until(what, holds) {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`not within 10 s: ${what}`);
}
/// Hears of everything that the policy forbids.
async function watched(lab) {
  await lab.page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
  });
  return () => lab.page.evaluate(() => globalThis.violations);
}
/// Drops a file onto the page.
const drop = (lab, name, bytes) =>
  lab.page.evaluate(
    ([name, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], name));
      const target = document.querySelector(".cm-content");
      target.dispatchEvent(new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true }));
      target.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, [...bytes]],
  );

export default {
  "a link keeps the moment, the zoom and the selection": async ({ fresh }) => {
    const lab = await ran(fresh, PROGRAM);
    await lab.timeline.focus();
    for (const key of ["w", "w", "ArrowRight"]) await lab.page.keyboard.press(key);
    await until("a moment after the beginning", async () => (await moment(lab)) > 0);
    await lab.page.keyboard.press("ArrowDown");
    const at = await moment(lab);
    await lab.button("Share").click();
    const plain = await shared(lab);
    await lab.page.getByLabel(/keep the moment/).check();
    await until("another link", async () => (await shared(lab)) !== plain);
    const link = await shared(lab);
    const other = await fresh();
    await other.page.goto(link);
    await other.finished();
    await until("the same moment", async () => (await moment(other)) === at);
    assert.ok((await other.hash()) && (await other.hash()) === (await lab.hash()));
    await other.button("Share").click();
    await other.page.getByLabel(/keep the moment/).check();
    await until("the same view, so the same link", async () => (await shared(other)) === link);
    const third = await fresh();
    await third.page.goto(plain);
    await third.editor.waitFor();
    assert.equal(await third.page.getByText(/^ran/).count(), 0, "a link without a view does not run by itself");
    lab.assert_no_errors();
    other.assert_no_errors();
  },
  "a program is shared as a file that any Python runs, several files as a zip, and both open again": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(PROGRAM);
    const folder = await mkdtemp(join(tmpdir(), "heddle-"));
    const save = async () => {
      await lab.button("Share").click();
      await lab.page.getByRole("tab", { name: "File", exact: true }).click();
      const [download] = await Promise.all([lab.page.waitForEvent("download"), lab.page.getByRole("button", { name: /^Download/ }).click()]);
      await lab.page.keyboard.press("Escape");
      const path = join(folder, download.suggestedFilename());
      await download.saveAs(path);
      return path;
    };
    const single = await save();
    assert.ok(single.endsWith("two_at_work.py"), single);
    assert.equal(await readFile(single, "utf8"), PROGRAM);
    assert.equal(execFileSync("python3", [single], { encoding: "utf8" }), "both done\n");
    await lab.page.getByRole("button", { name: "Add a file" }).click();
    await until("a second file", async () => (await lab.page.evaluate(() => localStorage.getItem("heddle.files")))?.includes("module.py"));
    const several = await save();
    assert.ok(several.endsWith("two_at_work.zip"), several);
    const names = execFileSync("python3", ["-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())", several], { encoding: "utf8" });
    assert.equal(names, "None ['main.py', 'module.py']\n");
    const other = await fresh();
    await other.open();
    await drop(other, "own.zip", await readFile(several));
    await other.page.getByRole("tab", { name: "module.py" }).waitFor();
    assert.equal(await other.program(), PROGRAM);
    await drop(other, "plain.py", Buffer.from("print('dropped')\n"));
    await other.editor.getByText("'dropped'").waitFor();
    await drop(other, "picture.png", Buffer.from([137, 80, 78, 71, 0, 1, 255]));
    await other.page.getByRole("alert").getByText("picture.png was not opened: it is no text in UTF-8. Your program is as it was.").waitFor();
    assert.equal(await other.program(), "print('dropped')\n");
    await rm(folder, { recursive: true });
  },
  "what a person writes is kept in the browser, listed, renamed and deleted": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(PROGRAM);
    await lab.open_item(/The convoy/);
    await lab.type(PROGRAM.replace("Two at work", "Another"));
    // The tab is closed without a pause; another one is opened.
    await lab.page.reload();
    await lab.editor.waitFor();
    assert.ok((await lab.program()).includes("Another"), "the last state is back");
    await until("both are kept", async () => (await kept(lab)).length === 2);
    assert.deepEqual((await kept(lab)).map(({ title }) => title), ["Another", "Two at work"]);
    let drawer = await gallery(lab);
    await drawer.getByRole("button", { name: /^Yours, in this browser 2/ }).click();
    const own = drawer.getByRole("region", { name: "Yours, in this browser" });
    await own.getByText("Two at work").waitFor();
    await lab.page.screenshot({ path: join(shots, "yours.png") });
    await own.getByRole("button", { name: "Rename Two at work" }).click();
    await own.getByRole("textbox", { name: "New name of Two at work" }).fill("Three at work");
    await lab.page.keyboard.press("Enter");
    await own.getByText("Three at work").click();
    await drawer.waitFor({ state: "detached" });
    assert.ok((await lab.program()).includes('# title = "Three at work"'));
    // An edit goes into the same scenario, not into a new one.
    await lab.type(PROGRAM.replace("Two at work", "Three at work").replace("both done", "all done"));
    await until("the edit is kept", async () => (await kept(lab)).some(({ source }) => source.includes("all done")));
    assert.equal((await kept(lab)).length, 2);
    drawer = await gallery(lab);
    await drawer.getByRole("button", { name: "Delete Another" }).click();
    await drawer.getByRole("button", { name: "Really delete Another" }).click();
    await until("it is gone", async () => (await kept(lab)).length === 1);
    lab.assert_no_errors();
  },
  "a program of the gallery is not kept until it is changed, and is listed as recent": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.open_item(/The convoy/);
    await lab.page.waitForTimeout(600);
    const drawer = await gallery(lab);
    await drawer.getByRole("region", { name: "Recent" }).getByText("The convoy").waitFor();
    await drawer.getByRole("button", { name: /^Begin a new one/ }).click();
    await drawer.getByRole("button", { name: /My tasks/ }).click();
    await lab.editor.getByText("TaskGroup").waitFor();
    await lab.page.waitForTimeout(600);
    assert.deepEqual(await kept(lab), []);
    lab.assert_no_errors();
  },
  "where nothing can be stored the page says so once and works": async ({ fresh }) => {
    const lab = await fresh();
    await lab.page.addInitScript(() => {
      Object.defineProperty(globalThis, "indexedDB", { get: () => { throw new DOMException("no storage here", "SecurityError"); } });
      Object.defineProperty(globalThis, "localStorage", { get: () => { throw new DOMException("no storage here", "SecurityError"); } });
    });
    await lab.open();
    await lab.editor.click();
    await lab.page.keyboard.type("x");
    await lab.page.getByText(/does not let the page keep anything/).waitFor();
    await lab.page.getByRole("button", { name: "Close" }).click();
    await lab.page.keyboard.press("Backspace");
    await lab.page.keyboard.type("# y");
    await lab.page.waitForTimeout(700);
    assert.equal(await lab.page.getByText(/does not let the page keep anything/).count(), 0);
    await lab.button("Gallery").click();
    await lab.page.getByRole("button", { name: /The convoy/ }).first().click();
    await lab.run();
    await lab.finished();
    lab.assert_no_errors();
  },
  "after the first visit everything works without a network, below any path": async ({ fresh }) => {
    for (const below of [false, true]) {
      const lab = await fresh({ serviceWorkers: "allow", below });
      await lab.open();
      await lab.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await lab.page.context().setOffline(true);
      await lab.page.reload();
      await lab.editor.waitFor();
      await lab.type(PROGRAM);
      await lab.run();
      await lab.finished();
      await lab.output.getByText("both done").waitFor();
      // What only the library's larger part has.
      await lab.type("import asyncio, http.server, multiprocessing\nprint('imported')\n");
      await lab.run();
      await lab.output.getByText("imported").waitFor();
      await lab.open_item(/The convoy/);
      await lab.button("Share").click();
      const link = await shared(lab);
      await lab.page.goto("about:blank");
      await lab.page.goto(link);
      await lab.editor.getByText("compute", { exact: false }).first().waitFor();
      lab.assert_no_errors();
    }
  },
  "a new version takes the old one's place as a whole": async ({ fresh, dist }) => {
    const folder = await mkdtemp(join(tmpdir(), "heddle-dist-"));
    await cp(dist, folder, { recursive: true });
    const server = await serve(folder, "/");
    try {
      const lab = await fresh({ serviceWorkers: "allow" });
      await lab.page.goto(server.address);
      await lab.editor.waitFor();
      await lab.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      const before = await lab.page.title();
      const index = await readFile(join(folder, "index.html"), "utf8");
      await writeFile(join(folder, "index.html"), index.replace(`<title>${before}</title>`, "<title>Heddle, the next</title>"));
      const service = await readFile(join(folder, "service.js"), "utf8");
      await writeFile(join(folder, "service.js"), service.replace(/VERSION = "\w+"/, 'VERSION = "next"'));
      await lab.page.reload();
      await lab.editor.waitFor();
      // While the new one is fetched the old one stays, whole; then a reload brings the new one.
      await lab.page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        await registration.update();
        while (!registration.waiting) await new Promise((done) => setTimeout(done, 50));
      });
      assert.equal(await lab.page.title(), before);
      await lab.page.reload();
      await until("the next version", async () => (await lab.page.title().catch(() => "")) === "Heddle, the next");
      await lab.editor.waitFor();
      const caches = await lab.page.evaluate(() => caches.keys());
      assert.equal(caches.length, 1);
      assert.ok(caches[0].endsWith(" next"), caches[0]);
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  },
  "no screen does what the policy forbids": async ({ fresh, dist }) => {
    for (const name of ["index.html", "embed.html"]) {
      const html = await readFile(join(dist, name), "utf8");
      const [, policy] = html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/);
      assert.ok(!/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/.test(policy), policy);
      assert.ok(policy.includes("default-src 'none'"));
    }
    for (const options of [{}, { colorScheme: "dark" }, { viewport: { width: 390, height: 844 } }]) {
      const lab = await fresh(options);
      const violations = await watched(lab);
      const phone = options.viewport !== undefined;
      await lab.open();
      await lab.type(PROGRAM);
      await lab.page.getByRole("button", { name: "Run", exact: true }).last().click();
      if (!phone) await lab.finished();
      for (const tab of phone ? ["Timeline", "State", "Output", "More"] : ["Output", "State", "Wait-for", "Stats"]) {
        await lab.tab(tab).click();
        await lab.page.waitForTimeout(150);
      }
      for (const dialog of ["Gallery", "Share", "Help"]) {
        await lab.page.getByRole("button", { name: dialog, exact: true }).first().click();
        await lab.page.getByRole("dialog").waitFor();
        await lab.page.waitForTimeout(150);
        await lab.page.keyboard.press("Escape");
      }
      assert.deepEqual(await violations(), []);
      // The policy is there at all: what it forbids does not happen.
      const evil = await lab.page.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "globalThis.evil = true";
        document.head.append(script);
        return globalThis.evil ?? false;
      });
      assert.equal(evil, false);
    }
  },
  "no embedded lab does what the policy forbids": async ({ fresh }) => {
    const lab = await fresh();
    const violations = await watched(lab);
    await lab.page.goto(`${lab.address}embed.html#code=print('embedded')&autorun`);
    await lab.page.getByText("embedded", { exact: true }).first().waitFor();
    await lab.page.waitForTimeout(300);
    assert.deepEqual(await violations(), []);
    lab.assert_no_errors();
  },
  "every program of the gallery has a picture of its own run": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    const drawer = await gallery(lab);
    const items = drawer.locator(".gi");
    assert.ok((await items.count()) >= 60);
    assert.equal(await items.locator("svg rect").first().isVisible(), true);
    const empty = await items.evaluateAll((all) => all.filter((item) => item.querySelectorAll("svg rect").length === 0).map((item) => item.dataset.title));
    assert.deepEqual(empty, []);
    await lab.page.screenshot({ path: join(shots, "gallery-pictures.png") });
  },
};


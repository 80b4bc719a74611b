// What the page must do in every browser. `tests/e2e` has the whole of what the page does; here is what hangs on the browser: workers,
// wasm and its stack, canvases, keys, pointers, frames.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../e2e/server.mjs";
import { WORKERS, programs } from "../suite/workers/programs.mjs";
import { Person, gallery, root } from "./person.mjs";

const FORKS = `import os
for n in range(3):
    if os.fork() == 0:
        total = sum(range(200_000))
        print("child", n, total)
        os._exit(0)
for n in range(3):
    os.wait()
print("all home")
`;

/// The trace hash that the native engine gives.
async function native(text) {
  const heddle = process.env.HEDDLE_BIN ?? join(root, "target/release/heddle");
  const folder = await mkdtemp(join(tmpdir(), "heddle-browsers-"));
  await writeFile(join(folder, "main.py"), text);
  const told = execFileSync("/bin/sh", ["-c", '"$0" run --hash main.py 2>&1 >/dev/null; true', heddle], { cwd: folder, encoding: "utf8" });
  await rm(folder, { recursive: true });
  return /trace hash: ([0-9a-f]{16})/.exec(told)?.[1];
}

/// A page whose files were changed by `damage(folder)`.
async function damaged(dist, damage) {
  const folder = await mkdtemp(join(tmpdir(), "heddle-damaged-"));
  await cp(dist, folder, { recursive: true });
  const engine = (await readdir(folder)).find((name) => /^engine-.*\.lzma$/.test(name));
  await damage(join(folder, engine), folder);
  const server = await serve(folder, "/");
  return { address: server.address, end: () => (server.close(), rm(folder, { recursive: true })) };
}

/// The page's sentence about an engine that is not there.
async function tells_failure(window, dist, damage, words) {
  const { address, end } = await damaged(dist, damage);
  const person = new Person(window, address);
  await person.open();
  const told = await person.until(() => document.querySelector(".banner")?.innerText);
  await end();
  assert.match(told, words);
}

export const cases = {
  "threads run as they do natively, and are drawn": {
    work: async ({ person, window, shot }) => {
      for (const name of ["countdown", "queue_bounded", "deadlock"]) {
        const text = await gallery(name);
        await person.with_program(text);
        assert.match(await person.run(), name === "deadlock" ? /^stopped at/ : /^ran/);
        assert.equal(await person.hash(), await native(text), name);
        assert.ok((await person.colours()) > 20, `${await person.colours()} colours`);
        await shot(name);
      }
      assert.match(await person.text(), /Deadlock\./);
      assert.deepEqual(window.errors, []);
    },
  },
  "processes in workers of their own give the native hash, for any number of them": {
    work: async ({ person, window }) => {
      for (const [name, text] of await programs()) {
        const hash = await native(text);
        await person.with_program(text);
        for (const workers of WORKERS) {
          await window.evaluate((workers) => localStorage.setItem("heddle.workers", workers), workers);
          await window.evaluate(() => localStorage.setItem("heddle.worth-a-worker", "0"));
          assert.match(await person.run(), /^(ran|stopped at)/);
          assert.equal(await person.hash(), hash, `${name} with ${workers} workers`);
          const strip = await window.evaluate(() => document.querySelector(".rt")?.innerText ?? "");
          assert.equal(/worker 1/.test(strip), workers > 0, `${name} with ${workers} workers: ${strip}`);
        }
      }
      assert.deepEqual(window.errors, []);
    },
  },
  "typed by keys, run by Ctrl+Enter; the library comes when it is wanted": {
    work: async ({ person, window }) => {
      await person.with_program("x = 1\n");
      const [x, y] = await person.box("textbox", "Editor");
      await window.click(x + 40, y + 10);
      await window.press("a", true);
      await window.press("Delete");
      await window.type("import json\nprint(json.dumps([1, 'ä']))\n");
      await window.press("Enter", true);
      await person.finished();
      assert.equal(await person.output(), '[1, "\\u00e4"]');
      assert.deepEqual(window.errors, []);
    },
  },
  "processes, computers and interpreters have lanes": {
    work: async ({ person, window, shot }) => {
      await person.with_program(FORKS);
      await person.run();
      assert.match(await person.output(), /all home$/);
      await shot("forks");
      for (const [title, labels] of [["A cluster of workstations", /node\d? /], ["A GIL for each interpreter", /interpreter/i]]) {
        await person.click("button", "Gallery");
        await person.click("button", title, false);
        await person.until(() => !document.querySelector(".drawer"));
        await person.run();
        assert.match(await person.labels(), labels);
        await shot(title.split(" ").at(-1));
      }
      assert.deepEqual(window.errors, []);
    },
  },
  "an endless loop leaves the page alive, and Stop ends it": {
    work: async ({ person, window }) => {
      await person.with_program("n = 0\nwhile True:\n    n += 1\n");
      await person.click("button", "Run", false);
      await person.until(() => /running/.test(document.querySelector(".came").innerText));
      await new Promise((done) => setTimeout(done, 1_500));
      const began = Date.now();
      await person.click("button", "Stop", false);
      assert.match(await person.finished(), /^stopped at/);
      assert.ok(Date.now() - began < 2_000, `${Date.now() - began} ms`);
      assert.deepEqual(window.errors, []);
    },
  },
  "a link opens what was shared": {
    work: async ({ person, window, shot }) => {
      const text = await gallery("lock");
      await person.with_program(text);
      await person.run();
      const hash = await person.hash();
      await person.click("button", "Share");
      const link = await person.until(() => document.querySelector(".dlg textarea")?.value);
      await shot("share");
      await person.with_program("print('mine')\n");
      await window.evaluate((hash) => void (location.hash = hash), new URL(link).hash);
      await person.until(() => /Opened from a link/.test(document.body.innerText));
      await person.run();
      assert.equal(await person.hash(), hash);
      assert.deepEqual(window.errors, []);
    },
  },
  "in a frame of another page it runs too": {
    work: async ({ person, window, shot, address }) => {
      await person.open();
      await window.evaluate((address) => {
        document.body.innerHTML = "<h1>A lesson</h1>";
        const frame = document.createElement("iframe");
        frame.src = address + "?frame";
        frame.style = "width:720px;height:640px;border:1px solid";
        document.body.append(frame);
      }, address);
      const inside = (work) => person.until(`() => { const document = window.document.querySelector("iframe").contentDocument; return ${work}; }`);
      await inside(`document.querySelector(".cm-content") && [...document.querySelectorAll("button")].some((one) => one.innerText.startsWith("Run"))`);
      await window.evaluate(() => [...document.querySelector("iframe").contentDocument.querySelectorAll("button")].find((one) => one.innerText.startsWith("Run")).click());
      await window.evaluate(() => [...document.querySelector("iframe").contentDocument.querySelectorAll("[role=tab]")].find((one) => one.innerText.startsWith("Output")).click());
      await inside(`document.querySelectorAll(".written .tx").length > 0`);
      await shot("frame");
    },
  },
  "the timeline zooms by wheel, tells on hovering, and is a table by T": {
    work: async ({ person, window, shot }) => {
      await person.with_program(await gallery("countdown"));
      await person.run();
      const [x, y, width] = await person.box("application", "Timeline");
      const span = () => window.evaluate(() => document.querySelector(".tlbar .num").innerText);
      const whole = await span();
      await window.wheel(x + width * 0.6, y + 80, -600);
      await person.until((whole) => document.querySelector(".tlbar .num").innerText !== whole, whole);
      const row = await window.evaluate(() => [...document.querySelectorAll(".lab .rows > div")].find((one) => one.innerText.includes("T2")).getBoundingClientRect().bottom - 14);
      await window.move(x + width * 0.3, row);
      await window.move(x + width * 0.31, row);
      await person.until(() => document.querySelector("[role=tooltip]")?.innerText);
      await shot("hover");
      await window.click(x + width * 0.5, row);
      await window.press("t");
      await person.until(() => document.querySelectorAll(".tltable tr").length > 5);
      await window.press("t");
      await window.press("f");
      await person.until((whole) => document.querySelector(".tlbar .num")?.innerText === whole, whole);
      assert.deepEqual(window.errors, []);
    },
  },
  "recursion in every form ends in a result or in a Python exception": {
    work: async ({ person }) => {
      const text = await readFile(join(root, "tests/e2e/programs/deep.py"), "utf8");
      const parts = Number(/^PARTS = (\d+)$/m.exec(text)[1]);
      for (let part = 0; part < parts; part++) {
        await person.with_program(text.replace(/^PART = 0$/m, `PART = ${part}`));
        const status = await person.run();
        const banner = await person.window.evaluate(() => document.querySelector(".banner")?.innerText);
        assert.ok(!banner, `part ${part}: ${status}: ${banner}`);
        assert.match(await person.output(), /\d{2,} forms, 0 wrong/, `part ${part}`);
      }
    },
  },
  "a course page runs its labs, and a frame without an origin": {
    work: async ({ person, window, shot, address }) => {
      await window.go(`${address}course.html`);
      await window.evaluate(() => {
        globalThis.heard = [];
        addEventListener("message", ({ data, source }) => data?.heddle && heard.push({ ...data, plain: source === document.querySelector(".plain").contentWindow }));
        for (const lab of document.querySelectorAll("heddle-lab")) lab.run();
      });
      // Two at a time have an engine.
      const ends = () => heard.filter((one) => one.type === "finished" && !one.plain);
      await person.until(() => heard.filter((one) => one.type === "finished" && !one.plain).length >= 4);
      const kinds = await window.evaluate(ends).then((all) => all.map((one) => one.outcome.kind));
      assert.deepEqual(kinds.slice(0, 4).sort(), ["deadlock", "exited", "exited", "exited"]);
      await window.evaluate(() => document.querySelector(".plain").scrollIntoView());
      await person.until(() => heard.some((one) => one.type === "ready" && one.plain));
      await window.evaluate(() => document.querySelector(".plain").contentWindow.postMessage({ heddle: 1, type: "run" }, "*"));
      const end = await person.until(() => heard.find((one) => one.type === "finished" && one.plain));
      const code = await window.evaluate(() => new URLSearchParams(new URL(document.querySelector(".plain").src).hash.slice(1)).get("code"));
      assert.deepEqual([end.outcome.kind, end.traceHash], ["exited", await native(code)]);
      await shot("course");
    },
  },
  "an engine that is not there or damaged is told": {
    work: async ({ window, dist }) => {
      await tells_failure(window, dist, (engine) => rm(engine), /the engine could not be loaded: the server answered 404/);
      await tells_failure(window, dist, (engine) => writeFile(engine, "<!doctype html><title>404</title>"), /the engine could not be loaded: .*cannot be unpacked/);
      await tells_failure(window, dist, (_, folder) => rm(join(folder, "worker.js")), /the engine's script cannot be loaded/);
    },
  },
  "at night": {
    dark: true,
    work: async ({ person, shot }) => {
      await person.with_program(await gallery("lock"));
      await person.run();
      await person.click("tab", "Stats");
      await person.until(() => document.querySelectorAll(".figs").length);
      await shot("dark");
      assert.equal(await person.window.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches), true);
    },
  },
  "on a narrow window": {
    size: [500, 844],
    work: async ({ person, window, shot }) => {
      await person.with_program(await gallery("lock"));
      await person.click("button", "Run", false);
      await person.until(() => document.querySelector("[data-hash]")?.dataset.hash || document.querySelectorAll("[role=tab]").length);
      await person.click("tab", "Output");
      await person.until(() => document.querySelectorAll(".written .tx").length > 0);
      await shot("narrow-output");
      await person.click("tab", "Timeline");
      await person.until(() => document.querySelectorAll(".can canvas").length);
      await shot("narrow-timeline");
      const wide = await window.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
    },
  },
};

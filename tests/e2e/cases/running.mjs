// Programs that run: output, timeline, stop, deadlock, limits, determinism.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const gallery = join(dirname(fileURLToPath(import.meta.url)), "../../../web/gallery");
const source = (name) => readFile(join(gallery, `${name}.py`), "utf8");

/// A page with a program that has been run to its end.
async function ran(fresh, text, options) {
  const lab = await fresh(options);
  await lab.open();
  await lab.type(text);
  await lab.run();
  await lab.finished();
  return lab;
}

/// The table's rows as texts.
async function table(lab) {
  await lab.timeline.focus();
  await lab.page.keyboard.press("t");
  const rows = lab.page.getByRole("region", { name: "Timeline table" }).getByRole("row");
  await rows.nth(1).waitFor();
  const texts = await rows.allInnerTexts();
  await lab.page.keyboard.press("t");
  await lab.timeline.waitFor();
  return texts.map((text) => text.replace(/\s+/g, " "));
}

export default {
  "Run runs the program and Output shows what it writes, with the moment and the thread": async ({ fresh }) => {
    const lab = await ran(fresh, await source("start_join"));
    const lines = await lab.output.locator(".outline").allInnerTexts();
    assert.equal(lines.length, 6);
    assert.match(lines[0].replace(/\s+/g, " "), /ms eggs eggs on the stove/);
    assert.match(lines[5].replace(/\s+/g, " "), /ms main dinner is served/);
    assert.match(await lab.finished(), /^ran \d+(\.\d+)? ms of virtual time in /);
    lab.assert_no_errors();
  },
  "Ctrl+Enter runs, from the editor too, and adds no line": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("print('by key')\n");
    await lab.page.keyboard.press("Control+Enter");
    await lab.output.getByText("by key").waitFor();
    assert.equal(await lab.program(), "print('by key')\n");
  },
  "the timeline has a track per core, the GIL and each thread": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.open_item(/^Two threads count down/);
    await lab.run();
    await lab.finished();
    const labels = (await lab.page.locator(".lab .rows").innerText()).replace(/\s+/g, " ");
    for (const word of ["Cores 2", "core 0", "core 1", "GIL", "switch after 5 ms", "held by", "waiting", "main.py", "MainThread", "T1", "T2"]) {
      assert.ok(labels.includes(word), `${word} in ${labels}`);
    }
    // Something is painted in many colours.
    const colours = await lab.timeline.locator("canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      return seen.size;
    });
    assert.ok(colours > 20, `${colours} colours`);
    const box = await lab.box(lab.timeline);
    const row = await lab.box(lab.page.locator(".lab .rows > div").filter({ hasText: "T2" }));
    await lab.tab("State").click();
    await lab.page.mouse.click(box.x + box.width * 0.42, row.y + row.height - 8);
    await lab.page.mouse.move(box.x + box.width * 0.62, row.y + row.height - 8, { steps: 3 });
    await lab.page.getByRole("tooltip").waitFor();
    await lab.page.screenshot({ path: join(shots, "lab.png") });
    lab.assert_no_errors();
  },
  "the states of threads are told: running, GIL, core, lock by name, asleep, join, finished": async ({ fresh }) => {
    const gil = await table(await ran(fresh, await source("countdown")));
    assert.ok(gil.some((row) => /T1 running .* main\.py|T1 running/.test(row)), gil.slice(0, 8).join("\n"));
    assert.ok(gil.some((row) => /waits for the GIL/.test(row)));
    const lock = await table(await ran(fresh, await source("lock")));
    assert.ok(lock.some((row) => /guard/.test(row)), lock.slice(0, 12).join("\n"));
    assert.ok(lock.some((row) => /asleep|sleep/.test(row)));
    const join_ = await table(await ran(fresh, await source("start_join")));
    assert.ok(join_.some((row) => /join\(/.test(row)), join_.join("\n"));
  },
  "a hover card says in words what happened and why": async ({ fresh }) => {
    const lab = await ran(fresh, await source("countdown"));
    const box = await lab.box(lab.timeline);
    const card = lab.page.getByRole("tooltip");
    const rows = lab.page.locator(".lab .rows > div");
    const told = [];
    for (const name of ["core 0", "T1", "T2"]) {
      const row = await lab.box(rows.filter({ hasText: name }).last());
      for (const share of [0.2, 0.3]) {
        await lab.page.mouse.move(box.x + 5, box.y + 5);
        await lab.page.mouse.move(box.x + box.width * share, row.y + row.height - 8, { steps: 3 });
        await card.waitFor();
        told.push((await card.innerText()).replace(/\s+/g, " "));
      }
    }
    assert.ok(told.some((text) => /waits for the GIL .* holds it\./.test(text)), told.join("\n"));
    assert.ok(told.some((text) => /running .* on core/.test(text)), told.join("\n"));
  },
  "the wheel zooms at the pointer, a drag pans, F shows the whole run": async ({ fresh }) => {
    const lab = await ran(fresh, await source("countdown"));
    const box = await lab.box(lab.timeline);
    const moment = async () => Number(await lab.page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuenow"));
    const span = () => lab.page.locator(".tlbar .num").innerText();
    const at = [box.x + box.width * 0.7, box.y + 60];
    await lab.page.mouse.click(...at);
    const before = await moment();
    const whole = await span();
    await lab.page.mouse.wheel(0, -800);
    await lab.page.waitForFunction((whole) => document.querySelector(".tlbar .num").innerText !== whole, whole);
    await lab.page.mouse.click(...at);
    const after = await moment();
    assert.ok(Math.abs(after - before) < before / 500, `${before} and ${after}`);
    await lab.page.mouse.down();
    await lab.page.mouse.move(at[0] - 200, at[1], { steps: 5 });
    await lab.page.mouse.up();
    await lab.page.mouse.click(at[0] - 200, at[1]);
    assert.ok(Math.abs((await moment()) - after) < before / 200, `${after} moved with the pointer to ${await moment()}`);
    await lab.page.keyboard.press("f");
    await lab.page.waitForFunction((whole) => document.querySelector(".tlbar .num").innerText === whole, whole);
  },
  "keys work on the timeline: steps, tracks, zoom, table": async ({ fresh }) => {
    const lab = await ran(fresh, await source("countdown"));
    await lab.timeline.focus();
    const moment = async () => Number(await lab.page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuenow"));
    const first = await moment();
    const changes = (from) => lab.page.waitForFunction((from) => Number(document.querySelector('[role="slider"][aria-label="Moment"]').getAttribute("aria-valuenow")) !== from, from);
    await lab.page.keyboard.press("ArrowRight");
    await changes(first);
    const second = await moment();
    await lab.page.keyboard.press("ArrowRight");
    await changes(second);
    assert.ok(second > first && (await moment()) > second);
    await lab.page.keyboard.press("ArrowLeft");
    await changes(await moment());
    assert.equal(await moment(), second);
    await lab.page.keyboard.press("Home");
    assert.equal(await moment(), 0);
    for (let i = 0; i < 4; i++) await lab.page.keyboard.press("ArrowDown");
    await lab.page.keyboard.press("]");
    assert.ok((await moment()) > 0);
    assert.match(await lab.timeline.getByRole("status").innerText(), /(running|waits|holds)/);
    const rows = await table(lab);
    assert.match(rows[0], /Time Thread State Duration Reason/);
    // The same key has led back, and the keyboard goes along.
    await lab.page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Timeline");
    await lab.page.keyboard.press("t");
    await lab.page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Timeline table");
    await lab.page.keyboard.press("t");
    await lab.page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Timeline");
    assert.ok(rows.length > 8);
  },
  "the State tab and the editor's chips say where everybody is at the moment": async ({ fresh }) => {
    const lab = await ran(fresh, await source("countdown"));
    const box = await lab.box(lab.timeline);
    await lab.page.mouse.click(box.x + box.width * 0.3, box.y + 60);
    await lab.tab("State").click();
    const panel = lab.page.getByRole("tabpanel");
    await panel.getByText("waits for the GIL").first().waitFor();
    await panel.getByText(/^GIL$/).waitFor();
    await lab.editor.locator("xpath=ancestor::*[contains(@class,'cm-scroller')]").locator(".cm-chips .chip").first().waitFor();
  },
  "an endless loop leaves the page responsive and Stop works at once": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("print('on')\nwhile True:\n    pass\n");
    await lab.run();
    await lab.output.getByText("on").waitFor();
    await lab.tab("State").click();
    await lab.tab("Output").click();
    const frames = await lab.page.evaluate(() => new Promise((done) => {
      let n = 0;
      const began = performance.now();
      const tick = () => (++n, performance.now() - began < 500 ? requestAnimationFrame(tick) : done(n));
      tick();
    }));
    assert.ok(frames > 5, `${frames} frames in half a second`);
    const began = Date.now();
    await lab.button("Stop").click();
    assert.match(await lab.finished(), /^stopped at/);
    assert.ok(Date.now() - began < 1_000, `${Date.now() - began} ms`);
    await lab.type("print('next')\n");
    await lab.run();
    await lab.output.getByText("next").waitFor();
    lab.assert_no_errors();
  },
  "a deadlock ends the run with a report, a banner and the Wait-for tab": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.open_item(/^Two accounts, two locks/);
    await lab.run();
    const banner = lab.page.getByRole("alert").filter({ hasText: "Deadlock." });
    await banner.waitFor();
    assert.match(await banner.innerText(), /a_lock|b_lock/);
    const report = await lab.page.getByLabel("Deadlock report").innerText();
    for (const word of ["A to B", "B to A", "MainThread", "with second:"]) assert.ok(report.includes(word), report);
    await lab.page.screenshot({ path: join(shots, "deadlock.png") });
  },
  "an uncaught exception prints CPython's traceback": async ({ fresh }) => {
    const lab = await ran(fresh, "def f(x):\n    return 1 / x\n\nf(0)\n");
    const text = await lab.output.innerText();
    for (const line of ["Traceback (most recent call last):", 'File "main.py", line 4, in <module>', "f(0)", "ZeroDivisionError"]) {
      assert.ok(text.includes(line), text);
    }
  },
  "an unknown module is a Python exception that names it and the line": async ({ fresh }) => {
    const lab = await ran(fresh, "x = 1\nimport no_such_module\n");
    const text = await lab.output.innerText();
    assert.ok(text.includes("line 2") && text.includes("No module named 'no_such_module'"), text);
  },
  "a limit ends the run, says which, and keeps the timeline": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("# /// lab\n# limits.time = \"20ms\"\n# ///\nwhile True:\n    pass\n");
    await lab.run();
    const banner = lab.page.getByRole("alert").filter({ hasText: "Limit reached." });
    await banner.waitFor();
    assert.match(await banner.innerText(), /time/);
    await lab.page.locator(".lab .rows").getByText("core 0").waitFor();
  },
  "a link opened in a fresh profile gives the same trace hash": async ({ fresh }) => {
    const lab = await ran(fresh, await source("philosophers"));
    const hash = await lab.hash();
    assert.match(hash, /^[0-9a-f]{16}$/);
    await lab.button("Share").click();
    const link = await lab.page.getByRole("textbox", { name: "Link" }).inputValue();
    const other = await fresh({ below: false });
    await other.page.goto(link);
    await other.editor.waitFor();
    await other.run();
    await other.finished();
    assert.equal(await other.hash(), hash);
    assert.equal(await other.page.getByText(/differs from the one that was shared/).count(), 0);
  },
  "the trace hash is the native engine's": async ({ fresh }) => {
    const heddle = process.env.HEDDLE_BIN ?? join(gallery, "../../target/release/heddle");
    if (!existsSync(heddle)) throw new Error(`${heddle} is missing: cargo build --release -p heddle-cli`);
    const folder = await mkdtemp(join(tmpdir(), "heddle-e2e-"));
    for (const name of ["countdown", "queue_bounded", "lock", "mp_primes", "mp_spawn_fork"]) {
      const text = await source(name);
      await writeFile(join(folder, "main.py"), text);
      const lab = await ran(fresh, text);
      let errors = "";
      try {
        errors = execFileSync("/bin/sh", ["-c", '"$0" run --hash main.py 2>&1 >/dev/null', heddle], { cwd: folder, encoding: "utf8" });
      } catch (error) {
        errors = String(error.stdout);
      }
      const native = /trace hash: ([0-9a-f]{16})/.exec(errors);
      assert.ok(native, errors);
      assert.equal(await lab.hash(), native[1], name);
    }
  },
  "a changed machine runs again at once and keeps the view": async ({ fresh }) => {
    const lab = await ran(fresh, await source("waits"));
    const hash = await lab.hash();
    const cores = lab.page.getByRole("slider", { name: "Cores" });
    await cores.focus();
    for (let i = 0; i < 3; i++) await lab.page.keyboard.press("ArrowRight");
    await lab.page.locator(".lab .rows").getByText("core 3").waitFor();
    await lab.finished();
    await lab.page.waitForFunction((hash) => document.querySelector("[data-hash]")?.dataset.hash !== hash, hash);
  },
  "an edit after the run dims the timeline": async ({ fresh }) => {
    const lab = await ran(fresh, "print(1)\n");
    await lab.type("print(2)\n");
    await lab.page.getByText("from the previous version").waitFor();
    await lab.run();
    await lab.output.getByText("2", { exact: true }).waitFor();
    await lab.page.getByText("from the previous version").waitFor({ state: "detached" });
  },
  "every gallery program runs as it says": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    const ends = [];
    for (const file of (await readdir(gallery)).filter((name) => name.endsWith(".py")).sort()) {
      const name = file.slice(0, -3);
      // These take their time, or have files beside them, and have tests of their own.
      if (["hundred_million", "mp_three_ways", "mp_channel"].includes(name)) continue;
      await lab.type(await readFile(join(gallery, file), "utf8"));
      await lab.run();
      const words = await lab.finished();
      const output = await lab.page.getByRole("log", { name: "Output" }).innerText({ timeout: 500 }).catch(() => "");
      const dead = await lab.page.getByText("Deadlock.").count();
      const expected = { deadlock: "deadlock", philosophers: "deadlock", mp_future_deadlock: "deadlock", uncaught: "traceback" }[name] ?? "ends";
      const end = dead ? "deadlock" : /Traceback|Error:/.test(output) ? "traceback" : /^ran/.test(words) ? "ends" : words;
      if (end !== expected) ends.push(`${name}: ${end}, not ${expected}\n${output}`);
      if (dead) await lab.tab("Output").click();
    }
    assert.deepEqual(ends, []);
    lab.assert_no_errors();
  },
  "people with screen readers reach everything: axe finds nothing serious": async ({ fresh }) => {
    const axe = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
    for (const colorScheme of ["light", "dark"]) {
      const lab = await fresh({ colorScheme });
      await lab.open();
      await lab.page.evaluate(axe);
      const look = async (where, { page } = lab) => {
        const found = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
        const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
        const words = serious.map((one) => `${one.id}: ${one.help}\n${one.nodes.slice(0, 4).map((node) => `  ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join("\n")}`);
        assert.deepEqual(words, [], `${where}, ${colorScheme}`);
      };
      await look("page");
      await lab.run();
      await lab.finished();
      for (const name of ["Output", "State", "Wait-for", "Stats"]) {
        await lab.tab(name).click();
        await look(name);
      }
      await lab.button("Table view").click();
      await look("table");
      const phone = await fresh({ colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
      await phone.open();
      await phone.run();
      // What is drawn before a run is over may be faint.
      await phone.page.getByRole("tab", { name: "Output" }).tap();
      await phone.output.getByText("for two threads").waitFor();
      await phone.page.evaluate(axe);
      for (const name of ["Code", "Timeline", "State", "Output", "More"]) {
        await phone.page.getByRole("tab", { name }).tap();
        await look(`phone's ${name}`, phone);
      }
      for (const name of ["Gallery", "Share", "Help"]) {
        await lab.button(name).click();
        await lab.page.getByRole("dialog", { name }).waitFor();
        await look(name);
        await lab.page.keyboard.press("Escape");
        await lab.page.getByRole("dialog").waitFor({ state: "detached" });
      }
    }
  },
  "a phone runs a program and shows its timeline": async ({ fresh, shots }) => {
    const lab = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await lab.open();
    await lab.run();
    await lab.page.getByRole("tab", { name: "Timeline" }).tap();
    await lab.page.locator(".lab .rows").getByText("core 0").waitFor();
    await lab.page.screenshot({ path: join(shots, "phone.png") });
    await lab.page.getByRole("tab", { name: "Output" }).tap();
    await lab.output.getByText("for two threads").waitFor();
    for (const name of ["State", "More", "Code"]) await lab.page.getByRole("tab", { name }).tap();
    await lab.page.getByRole("tab", { name: "Timeline" }).tap();
    for (const name of ["Cores", "GIL", "main.py"]) await lab.page.getByRole("button", { name, exact: true }).waitFor();
    lab.assert_no_errors();
  },
};

// The Stats tab, sweeps, the operating system's scheduler and Ctrl-C.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const LOCKED = `import lab, threading, time
table = threading.Lock()
def guest():
    with table:
        lab.c_call(0.1, release_gil=True)
    time.sleep(0.05)
threads = [threading.Thread(target=guest, name=name) for name in "abc"]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;
const LOOP = `import time
print("ready", flush=True)
try:
    while True:
        n = 100_000
        while n: n -= 1
except KeyboardInterrupt:
    print("interrupted at", time.perf_counter())
`;
const card = (lab, name) => lab.page.getByRole("region", { name, exact: true });
const rows = async (lab, table) => lab.page.getByRole("table", { name: table }).getByRole("row").allInnerTexts();
const flat = (text) => text.replace(/\s+/g, " ").trim();

const sweep = async (lab, over, values, quantity) => {
  await lab.page.getByRole("combobox", { name: "Sweep over" }).fill(over);
  if (values) await lab.page.getByRole("textbox", { name: "Values" }).fill(values);
  if (quantity) await lab.page.getByRole("combobox", { name: "Quantity" }).selectOption(quantity);
  await lab.button("Sweep").click();
};

export default {
  "the Stats tab names what threads waited for, and says how parallel the run was": async ({ fresh, shots }) => {
    for (const colorScheme of ["light", "dark"]) {
      const lab = await fresh({ colorScheme });
      await lab.open();
      await lab.type(LOCKED);
      await lab.run();
      await lab.finished();
      await lab.tab("Stats").click();
      const waits = (await rows(lab, "Waits by lock")).map(flat);
      assert.ok(waits.some((row) => /^c table 20\d(\.\d)? ms in 1 wait$/.test(row)), waits.join("\n"));
      assert.ok(waits.some((row) => /^b table 10\d\.\d+ ms in 1 wait$/.test(row)), waits.join("\n"));
      const panel = flat(await lab.page.getByRole("tabpanel").innerText());
      assert.match(panel, /speed-up (1\.00|0\.99)× vs\. sequential Amdahl 1\.0\d× at most, on 2 cores/);
      assert.match(panel, /Sequential time 35\d(\.\d)? ms/);
      const threads = (await rows(lab, "Time per thread")).map(flat);
      assert.ok(threads.some((row) => row.startsWith("a ") && row.includes("C code 100") && row.includes("asleep 50")), threads.join("\n"));
      const calls = (await rows(lab, "System calls by name")).map(flat);
      for (const call of ["clock_nanosleep 3", "clone 3"]) assert.ok(calls.includes(call), calls.join("\n"));
      assert.equal((await rows(lab, "Switches per thread")).length, 6);
      await lab.page.screenshot({ path: join(shots, `stats-${colorScheme}.png`) });
      lab.assert_no_errors();
    }
  },
  "a sweep over cores is drawn, can be kept, and says what cannot be swept": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("# /// lab\n# title = \"Four at once\"\n# ///\nimport lab, threading\nN = 4\nthreads = [threading.Thread(target=lab.c_call, args=(0.1,), kwargs={'release_gil': True}) for _ in range(N)]\nfor t in threads: t.start()\nfor t in threads: t.join()\n");
    await lab.tab("Stats").click();
    await sweep(lab, "cores", "1, 2, 4", "speed-up");
    const plot = card(lab, "Sweep").getByRole("img", { name: /Four at once: speed-up/ });
    await plot.locator("circle").nth(2).waitFor();
    const table = async () => (await rows(lab, "Values of the sweep")).map(flat);
    await lab.page.waitForFunction(() => document.querySelectorAll('table[aria-label="Values of the sweep"] tr').length === 4);
    assert.deepEqual((await table()).slice(1).map((row) => Number(row.split(" ")[1]).toFixed(1)), ["1.0", "2.0", "4.0"]);
    await lab.page.getByRole("combobox", { name: "Quantity" }).selectOption("time");
    assert.match((await table())[1], /^1 40\d/);
    for (const [name, begins] of [["Download SVG", "<svg "], ["Download CSV", "cores,time,"]]) {
      const [kept] = await Promise.all([lab.page.waitForEvent("download"), lab.button(name).click()]);
      const text = await readFile(await kept.path(), "utf8");
      assert.ok(text.startsWith(begins) && !text.includes("var(--"), text.slice(0, 200));
    }
    await lab.page.screenshot({ path: join(shots, "sweep.png") });
    // A constant of the program, with values that are offered; then things that are refused.
    await sweep(lab, "N", "1..3", "time");
    await lab.page.getByRole("columnheader", { name: "N", exact: true }).waitFor();
    await lab.page.waitForFunction(() => document.querySelectorAll('table[aria-label="Values of the sweep"] tr').length === 4);
    for (const [over, values, why] of [["title", "a", "cannot be swept"], ["K", "1", "no constant of the program"], ["cores", "1, two", "whole number"]]) {
      await sweep(lab, over, values);
      await lab.page.getByRole("alert").filter({ hasText: why }).waitFor();
    }
    // The program in the editor is as it was, and can be run.
    assert.match(await lab.program(), /N = 4\n/);
    await lab.run();
    await lab.finished();
    lab.assert_no_errors();
  },
  "a long sweep can be stopped, and so can the next one": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("N = 1\nwhile True:\n    pass\n");
    await lab.tab("Stats").click();
    for (let i = 0; i < 2; i++) {
      await sweep(lab, "N", "1, 2, 3");
      await lab.button("Stop the sweep").click();
      await lab.page.getByRole("alert").filter({ hasText: "The sweep was stopped." }).waitFor();
    }
    await lab.type("print('well')\n");
    await lab.run();
    await lab.finished();
    lab.assert_no_errors();
  },
  "the bar chooses the operating system's scheduler, which changes the run": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("# /// lab\n# cores = 1\n# python = \"3.13t\"\n# ///\nimport threading, time\ndone = False\ndef spin():\n    n = 3_000_000\n    while n and not done: n -= 1\nt = threading.Thread(target=spin)\nstart = time.perf_counter()\nt.start()\ntime.sleep(0.001)\nprint('late' if time.perf_counter() - start > 0.03 else 'in time')\ndone = True\nt.join()\n");
    await lab.run();
    await lab.finished();
    await lab.output.getByText("in time").waitFor();
    await lab.page.getByRole("combobox", { name: "Operating system" }).selectOption("cooperative");
    await lab.output.getByText("late").waitFor();
    assert.match(await lab.program(), /# os-scheduler = "cooperative"/);
    lab.assert_no_errors();
  },
  "Ctrl-C interrupts the run, is kept in the settings, and a link repeats it": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(LOOP);
    assert.equal(await lab.button("Ctrl-C").count(), 0);
    await lab.run();
    await lab.output.getByText("ready").waitFor();
    await lab.button("Ctrl-C").click();
    await lab.button("Forget Ctrl-C").waitFor();
    await lab.output.getByText(/interrupted at/).waitFor();
    await lab.finished();
    const at = Number(/# interrupt = "(\d+)us"/.exec(await lab.program())?.[1] ?? /# interrupt = "(\d+)ms"/.exec(await lab.program())[1] * 1000);
    const said = Number((await lab.output.innerText()).match(/interrupted at ([\d.]+)/)[1]);
    assert.ok(Math.abs(said - at / 1e6) < 0.001, `${said} s, not ${at} µs`);
    const hash = await lab.hash();
    await lab.button("Share").click();
    const link = await lab.page.getByRole("textbox", { name: "Link" }).inputValue();
    await lab.page.keyboard.press("Escape");
    await lab.page.screenshot({ path: join(shots, "ctrl-c.png") });
    const other = await fresh();
    await other.open(new URL(link).hash);
    await other.run();
    await other.finished();
    assert.equal(await other.hash(), hash);
    // Forgotten, the program would run on: it does until it is stopped.
    await other.button("Forget Ctrl-C").click();
    await other.button("Ctrl-C").waitFor();
    await other.button("Stop").click();
    await other.finished();
    assert.doesNotMatch(await other.program(), /interrupt =/);
    other.assert_no_errors();
    lab.assert_no_errors();
  },
  "a tick of seconds does not notice Ctrl-C until it ends": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.open_item(/Ctrl-C and a tick of seconds/);
    await lab.run();
    await lab.finished();
    const text = await lab.output.innerText();
    assert.match(text, /loop: KeyboardInterrupt at 0\.500 s, 0\.000 s after Ctrl-C/);
    assert.match(text, /search: KeyboardInterrupt at 4\.\d+ s, 0\.[3-9]\d+ s after Ctrl-C/);
    await lab.page.screenshot({ path: join(shots, "long-tick.png") });
    lab.assert_no_errors();
  },
  "statistics and sweeps fit on a phone": async ({ fresh, shots }) => {
    for (const colorScheme of ["light", "dark"]) {
      const lab = await fresh({ colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
      await lab.open();
      await lab.open_item(/How much C code is worth a thread/);
      await lab.run();
      await lab.page.getByRole("tab", { name: "More" }).tap();
      await lab.page.getByRole("row", { name: /T2 / }).first().waitFor();
      await lab.page.screenshot({ path: join(shots, `stats-phone-${colorScheme}.png`) });
      await lab.page.waitForFunction(() => !document.querySelector('[aria-label="Ctrl-C"]'));
      await sweep(lab, "N", "100, 300, 1000, 10000", "printed");
      await lab.page.waitForFunction(() => document.querySelectorAll('table[aria-label="Values of the sweep"] tr').length === 5);
      const curve = (await rows(lab, "Values of the sweep")).slice(1).map((row) => Number(flat(row).split(" ")[1]));
      assert.ok(curve[0] < 1 && curve[3] > 1.9 && curve.every((one, i) => i === 0 || one >= curve[i - 1]), curve.join(" "));
      await card(lab, "Sweep").scrollIntoViewIfNeeded();
      await lab.page.screenshot({ path: join(shots, `sweep-phone-${colorScheme}.png`) });
      const wide = await lab.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${wide} px wide`);
      const axe = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
      await lab.page.evaluate(axe);
      const found = await lab.page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
      assert.deepEqual(found.violations.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) => `${one.id} ${one.nodes[0].html}`), []);
      lab.assert_no_errors();
    }
  },
};

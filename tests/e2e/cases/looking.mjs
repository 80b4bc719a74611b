// What can be looked at before, during and after a run: faint lanes, going on past a limit, frames to click, fingers, large machines.
import assert from "node:assert/strict";
import { moment, ran } from "../lab.mjs";

const span = (lab) => lab.page.locator(".tlbar .num").innerText();

const RAISES = `import threading
def f():
    g()
def g():
    raise ValueError("no")
t = threading.Thread(target=f)
t.start()
t.join()
${"#\n".repeat(60)}f()
`;
const THREE = `import threading, time
forks = [threading.Lock() for _ in range(3)]
def philosopher(i):
    with forks[i]:
        time.sleep(0.01)
        with forks[(i + 1) % 3]:
            pass
all = [threading.Thread(target=philosopher, args=(i,), name=f"P{i}") for i in range(3)]
for t in all: t.start()
for t in all: t.join()
`;

export default {
  "before the first run the lanes are there, faintly, and follow the machine": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    const rows = lab.page.locator(".lab .rows");
    for (const word of ["core 0", "core 1", "held by", "MainThread"]) await rows.getByText(word, { exact: true }).waitFor();
    const paint = () => lab.timeline.locator("canvas").evaluate((e) => getComputedStyle(e).opacity);
    const ink = () => rows.getByText("core 0", { exact: true }).evaluate((e) => getComputedStyle(e).color);
    assert.ok(Number(await paint()) < 0.7);
    const faint = await ink();
    await lab.timeline.getByText("Press").waitFor();
    await lab.page.getByRole("slider", { name: "Cores" }).focus();
    await lab.page.keyboard.press("ArrowRight");
    await rows.getByText("core 2", { exact: true }).waitFor();
    await lab.run();
    await lab.finished();
    assert.equal(await paint(), "1");
    assert.notEqual(await ink(), faint);
  },
  "a run that has reached its limit of time goes on for 10 s more": async ({ fresh }) => {
    const lab = await ran(fresh, '# /// lab\n# limits.time = "20ms"\n# ///\nimport time\nwhile True:\n    time.sleep(1)\n    print("awake")\n');
    const banner = lab.page.getByRole("alert").filter({ hasText: "Limit reached." });
    assert.match(await banner.innerText(), /at its limit of 20 ms of virtual time\. The timeline/);
    assert.equal(await lab.output.getByText("awake").count(), 0);
    await lab.button("Go on for 10 s more").click();
    await lab.output.getByText("awake").nth(9).waitFor();
    assert.match(await lab.finished(), /^stopped at 10\.0 s/);
    assert.equal(await lab.output.getByText("awake").count(), 10);
    await lab.button("Go on for 10 s more").click();
    await lab.output.getByText("awake").nth(19).waitFor();
    // A link promises what a page does by itself.
    await lab.button("Share").click();
    await lab.page.getByRole("dialog", { name: "Share" }).getByText("not run yet").waitFor();
    await lab.page.keyboard.press("Escape");
    await lab.type("a = []\nwhile True:\n    print('x' * 1000)\n");
    await lab.run();
    await banner.getByText(/1 MiB of output/).waitFor();
    assert.equal(await lab.button("Go on for 10 s more").count(), 0, "more time is of no use here");
  },
  "an exception's frames lead to their lines, and the track ends in red": async ({ fresh }) => {
    const lab = await ran(fresh, RAISES);
    assert.match(await lab.page.getByRole("tabpanel").innerText(), /Ended by ValueError: no; exit status 1\./);
    // The end posts of both threads are painted in the colour of what is bad; later the mark of the moment stands on one of them.
    const rows_with_red = () => lab.timeline.locator("canvas").evaluate((canvas) => {
      const probe = document.createElement("canvas").getContext("2d");
      probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim();
      probe.fillRect(0, 0, 1, 1);
      const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      // Rows, not pixels: where a post lies between two columns, only one of them has the full colour. One post alone has half of these.
      const rows = new Set();
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === r && data[i + 1] === g && data[i + 2] === b) rows.add(Math.floor(i / 4 / canvas.width));
      }
      return rows.size;
    });
    let bad = 0;
    for (let tries = 0; bad < 30 && tries < 30; tries++) {
      await lab.page.waitForTimeout(100); // until it is painted
      bad = await rows_with_red();
    }
    assert.ok(bad >= 30, `${bad} rows with red`);
    const frame = lab.output.getByRole("button", { name: /line 69, in <module>/ });
    await frame.focus();
    await lab.page.keyboard.press("Enter");
    await lab.page.waitForFunction(() => document.querySelector(".cm-lineNumbers .cm-activeLineGutter")?.textContent === "69");
    await lab.editor.getByText("f()", { exact: true }).last().waitFor();
    await lab.output.getByRole("button", { name: /line 5, in g/ }).first().click();
    await lab.page.waitForFunction(() => document.querySelector(".cm-lineNumbers .cm-activeLineGutter")?.textContent === "5");
  },
  "a deadlock of three shows everybody in the table and in the banner": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(THREE);
    await lab.run();
    const words = await lab.page.getByRole("alert").filter({ hasText: "Deadlock." }).innerText();
    for (const word of ["P0 waits for lock `forks[1]`, held by P1", "P1 waits for lock `forks[2]`, held by P2", "P2 waits for lock `forks[0]`, held by P0"]) {
      assert.ok(words.includes(word), words);
    }
    await lab.timeline.focus();
    await lab.page.keyboard.press("t");
    const rows = await lab.page.getByRole("row").allInnerTexts();
    for (const name of ["P0", "P1", "P2"]) assert.ok(rows.some((row) => row.includes(name) && row.includes("deadlocked")), `${name} in\n${rows.slice(-8).join("\n")}`);
  },
  "who waits for whom is drawn, and a thread in the drawing leads to its line": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(THREE);
    await lab.run();
    const graph = lab.page.getByRole("img", { name: /^Wait-for graph/ });
    const words = await graph.getAttribute("aria-label");
    for (const word of ["P0 waits for forks[1]", "forks[1] is held by P1", "P2 waits for forks[0]", "main waits for the end of P0"]) assert.ok(words.includes(word), words);
    await lab.page.getByText("cycle of 3 threads").waitFor();
    assert.equal(await graph.locator("path.arrow.cycle").count(), 6);
    await graph.locator("g.thread").filter({ hasText: "main" }).click();
    await lab.page.waitForFunction(() => document.querySelector(".cm-lineNumbers .cm-activeLineGutter")?.textContent === "10");
    // A moment at which nobody waits has no graph.
    await lab.timeline.focus();
    await lab.page.keyboard.press("Home");
    await graph.waitFor({ state: "detached" });
  },
  "an error out of sight is brought into sight": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(`${"x = 1\n".repeat(300)}def f(:\n${"y = 2\n".repeat(300)}`);
    await lab.page.keyboard.press("ControlOrMeta+Home");
    await lab.run();
    await lab.page.getByRole("alert").filter({ hasText: "SyntaxError: invalid syntax" }).waitFor();
  },
  "thousands of threads do not burden the page": async ({ fresh }) => {
    const lab = await ran(fresh, "import threading\nfor i in range(2000):\n    t = threading.Thread(target=int)\n    t.start()\n    t.join()\n");
    await lab.page.locator(".lab .rows").getByText("pid 4001 · 2001 threads").waitFor();
    assert.ok((await lab.page.locator(".lab .rows > div").count()) < 200);
    await lab.tab("Stats").click();
    await lab.page.getByText("and 1901 more threads").waitFor();
    // The last thread is there once it is scrolled to.
    const box = await lab.box(lab.timeline);
    await lab.page.mouse.move(box.x + 300, box.y + 100);
    await lab.page.keyboard.down("Shift");
    await lab.page.mouse.wheel(0, 1_000_000);
    await lab.page.keyboard.up("Shift");
    await lab.page.locator(".lab .rows").getByText("T2000", { exact: true }).waitFor();
  },
  "a window that changes its size keeps everything in sight": async ({ fresh }) => {
    const lab = await ran(fresh, "print('here')\n", { viewport: { width: 1100, height: 400 } });
    const low = (await lab.box(lab.timeline)).height;
    await lab.page.setViewportSize({ width: 1440, height: 1000 });
    await lab.page.waitForFunction((low) => document.querySelector(".can").clientHeight > low + 50, low);
    await lab.page.setViewportSize({ width: 820, height: 700 });
    for (const thing of [lab.page.getByLabel("Trace hash"), lab.page.getByRole("textbox", { name: "Seed" }), lab.page.getByRole("combobox", { name: "Scheduler" })]) {
      const box = await lab.box(thing);
      assert.ok(box.x >= 0 && box.x + box.width <= 820, JSON.stringify(box));
    }
  },
  "two fingers zoom, a long press moves the moment, a tap opens the card": async ({ fresh }) => {
    const lab = await fresh({ viewport: { width: 1440, height: 900 }, hasTouch: true });
    await lab.open();
    await lab.run();
    await lab.finished();
    const box = await lab.box(lab.timeline);
    const cdp = await lab.page.context().newCDPSession(lab.page);
    const touch = (type, ...points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    const [x, y] = [box.x + box.width / 2, box.y + 60];
    const whole = await span(lab);
    await touch("touchStart", [x - 50, y], [x + 50, y]);
    for (const apart of [70, 100, 150, 200]) await touch("touchMove", [x - apart, y], [x + apart, y]);
    await touch("touchEnd");
    await lab.page.waitForFunction((whole) => document.querySelector(".tlbar .num").innerText !== whole, whole);
    const ms = (text) => parseFloat(text) * (text.includes("µs") ? 1e-3 : 1);
    const share = ms(await span(lab)) / ms(whole);
    assert.ok(share > 0.15 && share < 0.5, `four times as far apart shows a quarter, not ${share}`);
    const before = await moment(lab);
    await touch("touchStart", [x + 90, y]);
    await lab.page.waitForFunction((before) => Number(document.querySelector('[aria-label="Moment"]').getAttribute("aria-valuenow")) !== before, before);
    const held = await moment(lab);
    await touch("touchEnd");
    assert.ok(held > before);
    await lab.page.touchscreen.tap(box.x + box.width * 0.3, y);
    await lab.page.getByRole("tooltip").waitFor();
    lab.assert_no_errors();
  },
  "a machine of 64 cores fits into the bar, and its threads are in sight": async ({ fresh }) => {
    const lab = await ran(fresh, `# /// lab\n# cores = 64\n# ///\n${THREE.replace("forks[(i + 1) % 3]", "forks[i - i]").replace("with forks[i]", "with threading.Lock()")}`);
    const bar = await lab.box(lab.page.getByRole("group", { name: "Machine" }));
    // The digits of the hash give way first; the word stays.
    const badge = await lab.box(lab.page.locator(".mach .tag.ok"));
    assert.ok(badge.x + badge.width <= bar.x + bar.width, `it ends at ${badge.x + badge.width} of ${bar.x + bar.width}`);
    await lab.page.locator(".lab .rows").getByText(/64, \d+ never used/).waitFor();
    const view = await lab.box(lab.timeline);
    const last = await lab.box(lab.page.locator(".lab .rows > div").filter({ hasText: "P2" }));
    assert.ok(last.y < view.y + view.height);
  },
  "Shift and a drag select a range and say its length, switches and busy share": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.run();
    await lab.finished();
    const box = await lab.box(lab.timeline);
    await lab.page.keyboard.down("Shift");
    await lab.page.mouse.move(box.x + box.width * 0.2, box.y + 60);
    await lab.page.mouse.down();
    await lab.page.mouse.move(box.x + box.width * 0.6, box.y + 70, { steps: 4 });
    await lab.page.mouse.up();
    await lab.page.keyboard.up("Shift");
    const said = lab.timeline.getByRole("status");
    // Two threads under one GIL: one of two cores works.
    assert.match(await said.innerText(), /^Selected: 2\d\.\d+ ms · \d+ switches · (49|50|51) % busy$/);
    await lab.page.keyboard.press("Escape");
    await lab.page.waitForFunction(() => document.querySelector('.can [role="status"]').innerText === "");
  },
  "a stopped run is not called reproducible": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("print('on')\nwhile True:\n    pass\n");
    await lab.run();
    await lab.output.getByText("on").waitFor();
    await lab.button("Stop").click();
    assert.match(await lab.finished(), /^stopped at/);
    assert.equal(await lab.page.getByText("reproducible").count(), 0);
  },
};

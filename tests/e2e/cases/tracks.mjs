// The timeline's tracks: chosen, found, pinned, moved.
import assert from "node:assert/strict";
import { moment, ran } from "../lab.mjs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const PROGRAM = `import threading, time
lock = threading.Lock()
def work(n):
    for i in range(4):
        with lock:
            time.sleep(0.001)
        sum(range(20000))
threads = [threading.Thread(target=work, args=(n,), name=f"W{n}") for n in range(3)]
for t in threads: t.start()
for t in threads: t.join()
`;

/// The names in the label column, from top to bottom.
const labels = (lab) =>
  lab.page.locator(".tl .lab .rows > div").evaluateAll((rows) =>
    rows
      .map((row) => ({ y: row.getBoundingClientRect().top, name: [...row.querySelectorAll(".chip, .nm")].map((part) => part.textContent).join(" ").trim() }))
      .sort((a, b) => a.y - b.y)
      .map((row) => row.name),
  );
const until = async (lab, wanted, what) => {
  const end = Date.now() + 10_000;
  let all;
  do all = await labels(lab);
  while (!wanted(all) && Date.now() < end && (await lab.page.waitForTimeout(50), true));
  assert.ok(wanted(all), `${what}: ${all.join(" | ")}`);
  return all;
};
const popover = (lab) => lab.page.getByRole("dialog", { name: "Tracks" });
const open = async (lab) => {
  await lab.button("Tracks").click();
  await popover(lab).waitFor();
  return popover(lab);
};
const at = (all, name) => all.findIndex((one) => one.startsWith(name));
const said = (lab, words) => lab.page.locator('.tl > [role="status"]').getByText(words).waitFor({ state: "attached" });

export default {
  "tracks are chosen by kind and by thread, also in the table": async ({ fresh, shots }) => {
    const lab = await ran(fresh, PROGRAM);
    const before = await labels(lab);
    assert.ok(at(before, "core 0") >= 0 && at(before, "W1") >= 0, before.join(" | "));
    const menu = await open(lab);
    await menu.getByRole("checkbox", { name: "Cores" }).uncheck();
    await until(lab, (all) => at(all, "core 0") < 0 && at(all, "Cores") < 0, "no cores");
    await menu.getByRole("checkbox", { name: "W1" }).uncheck();
    await until(lab, (all) => at(all, "W1") < 0 && at(all, "W2") >= 0, "no W1");
    await lab.page.screenshot({ path: join(shots, "tracks.png") });
    await lab.button("Table view").click();
    const table = lab.page.getByRole("region", { name: "Timeline table" });
    await table.getByText("of the tracks that the filter shows").waitFor();
    const chips = await table.locator("tbody .chip").evaluateAll((all) => [...new Set(all.map((one) => one.textContent))].sort());
    assert.deepEqual(chips, ["W0", "W2", "main"]);
    await lab.button("Table view").click();
    // With nothing left there is a way back.
    await menu.getByRole("button", { name: "None" }).click();
    for (const kind of await menu.getByRole("group", { name: "Kinds" }).getByRole("checkbox").all()) await kind.uncheck();
    await lab.page.getByRole("button", { name: "Show all tracks" }).click();
    await until(lab, (all) => all.join() === before.join(), "all again");
    lab.assert_no_errors();
  },
  "search goes from match to match, unfolds and scrolls": async ({ fresh }) => {
    const lab = await ran(fresh, PROGRAM);
    // The threads' group is folded.
    await lab.page.getByRole("button", { name: "main.py" }).click();
    await until(lab, (all) => at(all, "W1") < 0, "folded");
    await lab.timeline.focus();
    await lab.page.keyboard.press("Control+f");
    const field = popover(lab).getByRole("searchbox");
    await field.waitFor();
    assert.ok(await field.evaluate((field) => field === document.activeElement));
    await lab.page.keyboard.type("blocked");
    await popover(lab).getByText(/matches in \d tracks/).waitFor();
    await lab.page.keyboard.press("Home");
    await lab.page.keyboard.press("Enter");
    await popover(lab).getByText(/^1 of \d+$/).waitFor();
    const first = await moment(lab);
    await until(lab, (all) => at(all, "W1") >= 0, "unfolded");
    const selected = await lab.page.locator(".tl .lab .rows > .sel").innerText();
    assert.match(selected, /W\d/);
    await lab.page.locator('.can [role="status"]').getByText(/blocked/).waitFor({ state: "attached" });
    await lab.page.keyboard.press("Enter");
    await popover(lab).getByText(/^2 of \d+$/).waitFor();
    assert.ok((await moment(lab)) >= first);
    await lab.page.keyboard.press("Shift+Enter");
    await popover(lab).getByText(/^1 of \d+$/).waitFor();
    assert.equal(await moment(lab), first);
    await lab.page.keyboard.press("Shift+Enter");
    await popover(lab).getByText(/^(\d+) of \1$/).waitFor();
    // Only the tracks with a match.
    await popover(lab).getByRole("checkbox", { name: "only tracks with a match" }).check();
    await until(lab, (all) => at(all, "core 0") < 0 && at(all, "W1") >= 0, "only what was found");
    await lab.page.keyboard.press("Escape");
    await popover(lab).waitFor({ state: "detached" });
    await lab.page.waitForFunction(() => document.activeElement?.classList.contains("can"));
    lab.assert_no_errors();
  },
  "tracks are pinned and moved, by keys and by the pointer": async ({ fresh, shots }) => {
    const lab = await ran(fresh, PROGRAM, { viewport: { width: 1440, height: 760 } });
    const before = await labels(lab);
    await lab.page.locator(".tl .lab .rows > div", { hasText: "W1" }).first().click();
    await lab.timeline.focus();
    await lab.page.keyboard.press("p");
    await until(lab, (all) => at(all, "W1") === 0, "W1 at the top");
    await said(lab, "W1 is pinned at the top.");
    // It stays there while the others are scrolled.
    const pins = lab.page.getByRole("group", { name: "Pinned tracks" });
    const place = await lab.box(pins);
    const can = await lab.box(lab.timeline);
    await lab.page.mouse.move(can.x + 300, can.y + can.height / 2);
    await lab.page.keyboard.down("Shift");
    await lab.page.mouse.wheel(0, 120);
    await lab.page.keyboard.up("Shift");
    await lab.page.waitForFunction(() => !document.querySelector(".lab .scroll:not(.pins) .rows").style.transform.includes("translateY(0px)"));
    assert.deepEqual(await lab.box(pins), place);
    await lab.page.screenshot({ path: join(shots, "pinned.png") });
    // A click on it is a click on W1.
    await lab.page.mouse.click(can.x + 300, place.y + place.height / 2);
    assert.match(await lab.page.locator(".tl .lab .rows > .sel").innerText(), /W1/);
    await lab.page.keyboard.press("p");
    await until(lab, (all) => all.join() === before.join(), "back in its group");
    await lab.page.keyboard.press("Alt+ArrowUp");
    await said(lab, "W1 moved up, now 2 of 4.");
    await until(lab, (all) => at(all, "W1") < at(all, "W0"), "W1 above W0");
    await lab.page.keyboard.press("Alt+ArrowDown");
    await said(lab, "W1 moved down, now 3 of 4.");
    await until(lab, (all) => all.join() === before.join(), "as it was");
    // A whole group by dragging its head.
    await lab.page.keyboard.press("Shift+Home");
    const head = (name) => lab.page.locator(".tl .lab .rows > .g", { hasText: name }).first();
    const [gil, cores] = [await lab.box(head("GIL")), await lab.box(head("Cores"))];
    await lab.page.mouse.move(gil.x + 120, gil.y + 12);
    await lab.page.mouse.down();
    await lab.page.mouse.move(gil.x + 120, gil.y - 10, { steps: 3 });
    await lab.page.mouse.move(gil.x + 120, cores.y + 4, { steps: 5 });
    assert.equal(await lab.page.locator(".tl .lab .drop").count(), 1);
    await lab.page.mouse.up();
    const moved = await until(lab, (all) => at(all, "GIL") < at(all, "Cores"), "GIL above cores");
    assert.ok(at(moved, "held by") < at(moved, "Cores"));
    const menu = await open(lab);
    await menu.getByRole("button", { name: "Own order, no pins" }).click();
    await until(lab, (all) => all.join() === before.join(), "own order");
    lab.assert_no_errors();
  },
  "a run is saved as PNG, SVG, CSV, for Perfetto and for the Firefox Profiler": async ({ fresh, shots }) => {
    for (const [ratio, colorScheme] of [
      [1, "light"],
      [2, "dark"],
    ]) {
      const lab = await ran(fresh, PROGRAM, { deviceScaleFactor: ratio, colorScheme, acceptDownloads: true });
      const saved = async (name) => {
        await lab.button("Export").click();
        const menu = lab.page.getByRole("menu", { name: "Export" });
        await menu.waitFor();
        if (name.includes("PNG")) await lab.page.screenshot({ path: join(shots, `export-${colorScheme}.png`) });
        const [download] = await Promise.all([lab.page.waitForEvent("download"), menu.getByRole("menuitem", { name }).click()]);
        await menu.waitFor({ state: "detached" });
        return [download.suggestedFilename(), await readFile(await download.path())];
      };
      const can = await lab.box(lab.timeline);
      const [name, png] = await saved("Picture of what is in view PNG");
      assert.equal(name, "untitled.png");
      await writeFile(join(shots, `exported-${colorScheme}.png`), png);
      // The signature, and the size in the first chunk (PNG specification, 5.2 and 11.2.2).
      assert.deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
      assert.equal(png.toString("latin1", 12, 16), "IHDR");
      assert.equal(png.readUInt32BE(16), Math.round((208 + can.width) * ratio));
      assert.equal(png.readUInt32BE(20), Math.round(can.height * ratio));
      const [, svg] = await saved("Picture of what is in view SVG");
      const parsed = await lab.page.evaluate((text) => {
        const doc = new DOMParser().parseFromString(text, "image/svg+xml");
        return { error: doc.querySelector("parsererror")?.textContent, root: doc.documentElement.namespaceURI, width: doc.documentElement.getAttribute("width"), texts: [...doc.querySelectorAll("text")].map((one) => one.textContent) };
      }, svg.toString());
      assert.equal(parsed.error, undefined);
      assert.equal(parsed.root, "http://www.w3.org/2000/svg");
      assert.equal(Number(parsed.width), 208 + can.width);
      for (const word of ["Cores", "MainThread", "W1", "virtual time"]) assert.ok(parsed.texts.includes(word), `${word} in ${parsed.texts}`);
      const [, csv] = await saved("Table of all slices CSV");
      assert.match(csv.toString(), /^time_ns,duration_ns,process,track,kind,state,what,reason,core,function,file,line,last_line\r\n(.*\r\n)+$/);
      assert.match(csv.toString(), /,W1,thread,blocked,/);
      const [, perfetto] = await saved("Trace for Chrome and Perfetto JSON");
      assert.ok(JSON.parse(perfetto).traceEvents.length > 20);
      const [, firefox] = await saved("Profile for the Firefox Profiler JSON");
      assert.equal(JSON.parse(firefox).meta.preprocessedProfileVersion, 48);
      assert.ok(JSON.parse(firefox).threads.some((thread) => thread.name === "W1"));
      lab.assert_no_errors();
    }
  },
  "it plays at the chosen rate, with reduced motion from event to event": async ({ fresh }) => {
    const lab = await ran(fresh, PROGRAM);
    const speed = lab.page.getByRole("combobox", { name: "Speed" });
    assert.equal(await speed.inputValue(), "whole");
    /// How far t goes in half a second or a little more, by the page's own clock.
    const played = async (rate) => {
      await speed.selectOption(rate);
      await lab.button("Start").click();
      const t0 = await lab.page.evaluate(() => performance.now());
      await lab.button("Play").click();
      await lab.page.waitForTimeout(600);
      await lab.button("Pause").click();
      const t1 = await lab.page.evaluate(() => performance.now());
      return [await moment(lab), t1 - t0];
    };
    // The run takes 18 ms: in 10 s, or at a hundredth of real time 10,000 ns a ms.
    for (const [rate, ns_per_ms] of [["0.01", 10_000], ["0.001", 1_000]]) {
      const [ns, ms] = await played(rate);
      assert.ok(ns > 100 * ns_per_ms && ns <= ms * ns_per_ms, `${rate}: ${ns} ns in ${ms} ms`);
    }
    const [whole, ms] = await played("whole");
    assert.ok(whole > 100 * 1_800 && whole <= ms * 1_900, `${whole} ns in ${ms} ms`);
    // Much faster than the run is long: it stops at the end.
    await speed.selectOption("1");
    await lab.button("Play").click();
    await lab.button("Play").waitFor();
    const end = await moment(lab);
    assert.ok(end > 15_000_000, `${end}`);
    lab.assert_no_errors();
    const calm = await ran(fresh, PROGRAM, { reducedMotion: "reduce" });
    assert.equal(await calm.page.getByRole("combobox", { name: "Speed" }).inputValue(), "events");
    await calm.button("Start").click();
    await calm.button("Play").click();
    await calm.page.waitForFunction(() => Number(document.querySelector('[role="slider"][aria-label="Moment"]').getAttribute("aria-valuenow")) > 0);
    await calm.button("Pause").click();
    calm.assert_no_errors();
  },
  "a run is kept and compared with the next one on a common ruler": async ({ fresh, shots }) => {
    for (const [width, colorScheme] of [
      [1440, "light"],
      [1440, "dark"],
      [390, "light"],
    ]) {
      const phone = width < 800;
      const lab = await fresh({ viewport: { width, height: phone ? 844 : 1000 }, colorScheme, hasTouch: phone });
      await lab.open();
      await lab.type("import threading\ndef work():\n    n = 0\n    for i in range(20000):\n        n += i\nall = [threading.Thread(target=work) for _ in range(4)]\nfor t in all: t.start()\nfor t in all: t.join()\n");
      await lab.run();
      if (phone) await lab.page.getByRole("tab", { name: "Timeline", exact: true }).click();
      else await lab.finished();
      await lab.button("Keep as run A").click();
      await lab.page.getByText("Change the machine or the program and run").waitFor();
      assert.equal(await lab.page.getByRole("application", { name: "Run A" }).count(), 0);
      const extent = () => lab.page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuemax").then(Number);
      const first = await extent();
      // The same without the GIL, which takes less time.
      if (phone) {
        await lab.page.getByRole("button", { name: /Machine settings/ }).click();
      }
      await lab.page.getByRole("radio", { name: "3.13t" }).or(lab.page.getByRole("button", { name: "3.13t", exact: true })).first().click();
      if (phone) await lab.page.getByRole("button", { name: /Machine settings/ }).click();
      const a = lab.page.getByRole("application", { name: "Run A" });
      await a.waitFor();
      const told = await lab.page.locator(".ab").getByText(/^B takes .* less: [\d.]+× as fast$/).innerText();
      const lines = await lab.page.locator(".ab").allInnerTexts();
      assert.match(lines[0], /A\s*Python 3\.13, 2 cores/);
      assert.match(lines[1], /B\s*Python 3\.13t, 2 cores/);
      // One ruler: both begin at the same place, are as wide, and t is the same.
      const [above, below] = [await lab.box(a), await lab.box(lab.timeline)];
      for (const box of [above, below]) assert.ok(box.height >= 100, `both can be seen: ${JSON.stringify([above, below])}`);
      assert.ok(lines[1].includes("another program") === false, lines[1]);
      assert.ok(above.y + above.height <= below.y && above.x === below.x && above.width === below.width, JSON.stringify([above, below]));
      assert.equal(await extent(), first, `${told}: the scale is that of the longer run`);
      await lab.page.mouse.click(above.x + above.width / 2, above.y + 12);
      await lab.page.waitForFunction(() => Number(document.querySelector('[role="slider"][aria-label="Moment"]').getAttribute("aria-valuenow")) > 0);
      const middle = await moment(lab);
      assert.ok(Math.abs(middle - first / 2) < first / 20, `${middle} of ${first}`);
      await lab.page.screenshot({ path: join(shots, `compare-${width}-${colorScheme}.png`) });
      assert.ok(await lab.page.evaluate((width) => document.documentElement.scrollWidth <= width, width));
      await lab.button("Close the comparison").click();
      await a.waitFor({ state: "detached" });
      assert.ok((await extent()) < first);
      lab.assert_no_errors();
    }
  },
  "on a phone tracks are chosen in a sheet": async ({ fresh, shots }) => {
    const lab = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await lab.open();
    await lab.run();
    await lab.page.getByRole("tab", { name: "Timeline", exact: true }).click();
    await lab.timeline.waitFor();
    await lab.page.waitForFunction(() => document.querySelectorAll(".lab .rows > div").length > 4);
    const menu = await open(lab);
    await menu.getByRole("checkbox", { name: "Cores" }).uncheck();
    await until(lab, (all) => at(all, "core 0") < 0, "no cores");
    const box = await lab.box(menu);
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, JSON.stringify(box));
    await lab.page.screenshot({ path: join(shots, "tracks-phone.png") });
    assert.ok(await lab.page.evaluate(() => document.documentElement.scrollWidth <= 390));
    lab.assert_no_errors();
  },
};

// Several computers, processes and interpreters on the timeline; other machines and functions in the Stats tab; the machine bar's words.
import assert from "node:assert/strict";

const flat = (text) => text.replace(/\s+/g, " ").trim();
const labels = async (lab) => (await lab.page.locator(".lab .rows > div").allInnerTexts()).map(flat);
const rows = async (lab, table) => (await lab.page.getByRole("table", { name: table }).getByRole("row").allInnerTexts()).map(flat);

/// A page on which a program has been run to its end.
async function ran(fresh, text, options) {
  const lab = await fresh(options);
  await lab.open();
  await lab.type(text);
  await lab.run();
  await lab.finished();
  return lab;
}

const COMPUTERS = `# /// lab
# cores = 2
# computers = "far cores=1"
# ///
import socket, time
if socket.gethostname() == "far":
    time.sleep(0.001)
    print("far away")
else:
    print("here")
`;
const FORKS = `import os
def work():
    n = 300_000
    while n: n -= 1
for i in range(3):
    if os.fork() == 0:
        work()
        os._exit(0)
for i in range(3): os.wait()
print("all home")
`;
const CHILD = `import os, threading
if os.fork() == 0:
    print(os.getpid(), "says main", flush=True)
    t = threading.Thread(target=lambda: print(os.getpid(), "says T1", flush=True), name="T1")
    t.start()
    t.join()
    os._exit(0)
os.wait()
print(os.getpid(), "is the parent")
`;
const HANDED_OVER = `import lab, threading, time
table = threading.Lock()
def guest():
    with table:
        lab.c_call(0.1, release_gil=True)
threads = [threading.Thread(target=guest, name=name) for name in "abc"]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;
const COUNT = `import threading
def count(n):
    while n: n -= 1
threads = [threading.Thread(target=count, args=(400_000,)) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
`;

export default {
  "lanes are grouped by computer, which folds": async ({ fresh }) => {
    const lab = await ran(fresh, COMPUTERS);
    const all = await labels(lab);
    const at = (words) => all.indexOf(words);
    assert.ok(at("heddle 2 cores · 1 process") === 0 && at("far 1 core · 1 process") > 4, all.join("\n"));
    // Cores are numbered on each computer by itself, and the program's name does not repeat the computer's.
    assert.deepEqual(all.filter((one) => one.startsWith("core ")), ["core 0", "core 1", "core 0"]);
    assert.ok(all.includes("main.py pid 4002 · 1 thread"), all.join("\n"));
    const group = lab.button("heddle");
    assert.equal(await group.getAttribute("aria-expanded"), "true");
    await group.press("Enter");
    assert.equal(await group.getAttribute("aria-expanded"), "false");
    const folded = await labels(lab);
    assert.deepEqual(folded.slice(0, 3), ["heddle 2 cores · 1 process", "far 1 core · 1 process", "Cores 1"]);
    await lab.tab("Stats").click();
    const cores = await rows(lab, "Use of the cores");
    assert.deepEqual(cores.slice(1).map((row) => row.replace(/ <? ?\d+ %$/, "")), ["core 0 of heddle", "core 1 of heddle", "core 0 of far"]);
    lab.assert_no_errors();
  },
  "forked processes are told apart on the cores": async ({ fresh }) => {
    const lab = await ran(fresh, FORKS);
    await lab.output.getByText("all home").waitFor();
    const all = await labels(lab);
    const written = (await lab.output.locator(".outline").allInnerTexts()).map(flat);
    assert.match(written.at(-1), /ms main all home$/);
    for (const words of ["main MainThread", "p4002 MainThread · exit 0", "p4003 MainThread · exit 0", "p4004 MainThread · exit 0"]) assert.ok(all.includes(words), all.join("\n"));
    lab.assert_no_errors();
  },
  "lines of output say on which computer and in which process they were written": async ({ fresh }) => {
    const lab = await ran(fresh, COMPUTERS);
    await lab.output.getByText("far away").waitFor();
    const written = (await lab.output.locator(".outline").allInnerTexts()).map(flat);
    assert.ok(written.some((line) => /ms main heddle here$/.test(line)) && written.some((line) => /ms main far far away$/.test(line)), written.join("\n"));
    // The numbers are those that the program knows.
    await lab.type(CHILD);
    await lab.run();
    await lab.output.getByText("is the parent").waitFor();
    const lines = (await lab.output.locator(".outline").allInnerTexts()).map(flat);
    assert.match(lines[0], /ms p4002 (4002) says main$/);
    assert.match(lines[1], /ms T1 p4002 4002 says T1$/);
    assert.match(lines[2], /ms main 4001 is the parent$/);
    lab.assert_no_errors();
  },
  "an interpreter's threads stand in its group": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.open_item(/^A GIL for each interpreter/);
    await lab.run();
    await lab.finished();
    const all = await labels(lab);
    for (const words of ["interpreter 1 own GIL", "interpreter 2 own GIL"]) {
      const at = all.indexOf(words);
      assert.ok(at > 0 && /^T\d Interpreter/.test(all[at + 1]), all.join("\n"));
    }
    lab.assert_no_errors();
  },
  "a wait for a lock names every holder": async ({ fresh }) => {
    const lab = await ran(fresh, HANDED_OVER);
    const box = await lab.box(lab.timeline);
    const row = await lab.box(lab.page.locator(".lab .rows > div").filter({ hasText: /^c\s*c$/ }));
    await lab.page.mouse.move(box.x + 5, box.y + 5);
    await lab.page.mouse.move(box.x + box.width * 0.5, row.y + row.height - 8, { steps: 3 });
    const card = lab.page.getByRole("tooltip");
    await card.waitFor();
    assert.match(flat(await card.innerText()), /table, held by a \(line 4\)\. a holds it until 1\d\d\.\d+ ms, then b\./);
    // The editor's chip tells who holds it at the moment.
    await lab.page.mouse.click(box.x + box.width * 0.5, row.y + row.height - 8);
    await lab.page.locator('.cm-chips [title*="held by b"]').first().waitFor();
  },
  "Stats compares with other Pythons, cores and operating systems": async ({ fresh }) => {
    const lab = await ran(fresh, COUNT);
    await lab.tab("Stats").click();
    const functions = await rows(lab, "Functions by own time");
    assert.match(functions[1], /^count \d+(\.\d+)? ms 9\d %$/);
    const ask = lab.button("Run on the others");
    const compared = async (values) => {
      // What is cheap is run by itself; on a slow computer the button does it.
      const ready = lab.page.waitForFunction((n) => document.querySelectorAll('table[aria-label="Time on other machines"] tbody tr').length === n, values.length);
      await Promise.race([ready, ask.click({ timeout: 15_000 }).catch(() => {})]);
      await ready;
      const all = (await rows(lab, "Time on other machines")).slice(1);
      assert.deepEqual(all.map((row) => row.replace(/ [\d.]+ (ms|s|µs)$/, "")), values);
      return all.map((row) => Number(/ ([\d.]+) ms$/.exec(row)[1]));
    };
    const [, old, , own, free] = await compared(["one thread", "2.7", "3.9", "3.13", "3.13t"]);
    assert.ok(old > own && free < own, `${old} ${own} ${free}`);
    await lab.page.getByText(/^Without a GIL \(3\.13t\) the threads run side by side/).waitFor();
    const region = lab.page.getByRole("region", { name: "Other machines" });
    await region.getByRole("button", { name: "cores" }).press("Enter");
    await compared(["1", "2", "4", "8"]);
    await lab.page.getByText(/Threads that share one GIL cannot use more than one core|hardly matters/).waitFor();
    await region.getByRole("button", { name: "OS" }).press("Enter");
    await compared(["fair-share", "round-robin", "cooperative"]);
    // Another machine is another run: the card begins anew.
    await lab.button("3.13t").click();
    await lab.finished();
    lab.assert_no_errors();
  },
  "the machine bar shows as many words as there is room for": async ({ fresh }) => {
    const words = async (lab) => {
      const bar = lab.page.getByRole("group", { name: "Machine" });
      assert.ok(await bar.evaluate((bar) => bar.scrollWidth <= bar.clientWidth), "the bar fits");
      return flat(await bar.innerText());
    };
    const lab = await ran(fresh, "print(1)\n");
    const over = await words(lab);
    assert.ok(over.includes("switch every") && over.includes("reproducible"), over);
    await lab.page.setViewportSize({ width: 1900, height: 900 });
    await lab.page.getByText("one GIL, may switch at loops and calls").first().waitFor();
    assert.match(await words(lab), /scheduler seed.* reproducible [0-9a-f]{8}$/);
    await lab.page.setViewportSize({ width: 1024, height: 768 });
    await words(lab);
  },
  "a hundred million, twice, runs at full length, and the timeline stays usable": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.open_item(/^A hundred million, twice/);
    await lab.run();
    const status = lab.page.getByRole("group", { name: "Machine" }).getByText(/^(ran|stopped at)/);
    await status.waitFor({ timeout: 240_000 });
    const said = Number(/([\d.]+) s in two threads/.exec(await lab.output.innerText())[1]);
    assert.ok(said > 45.5 * 0.85 && said < 45.5 * 1.15, `${said} s`);
    await lab.timeline.focus();
    const began = Date.now();
    for (const key of ["w", "w", "d", "s", "f", "ArrowDown", "ArrowDown", "ArrowDown", "]"]) await lab.page.keyboard.press(key);
    await lab.timeline.getByRole("status").filter({ hasText: /\w/ }).waitFor({ state: "attached", timeout: 3_000 });
    assert.ok(Date.now() - began < 3_000, `${Date.now() - began} ms`);
    lab.assert_no_errors();
  },
};

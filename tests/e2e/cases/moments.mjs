// One moment of a run: stacks, variables, what is between threads, and steps from one moment to the next.
import assert from "node:assert/strict";
import { moment, ran } from "../lab.mjs";
import { join } from "node:path";

/// Presses a key on the timeline and waits until t has moved.
const press = async (lab, key) => {
  const before = await moment(lab);
  await lab.timeline.focus();
  await lab.page.keyboard.press(key);
  await lab.page.waitForFunction((before) => Number(document.querySelector('[role="slider"][aria-label="Moment"]').getAttribute("aria-valuenow")) !== before, before);
  return moment(lab);
};
const card = (lab, name) => lab.page.locator(`.insp .grid3 > .card:has(> .row .chip:text-is("${name}"))`);

const BANK = `import threading, time, queue
class Account:
    def __init__(self, name, balance):
        self.name, self.balance = name, balance
        self.lock = threading.Lock()
    def __repr__(self):
        return f"<{self.name}: {self.balance}>"
alice, bob = Account("alice", 100), Account("bob", 50)
jobs = queue.Queue(2)
def move(source, target, amount):
    with source.lock:
        time.sleep(0.01)
        with target.lock:
            source.balance -= amount
            target.balance += amount
def fill():
    for n in range(5):
        jobs.put({"job": n})
threading.Thread(target=fill, name="F", daemon=True).start()
a = threading.Thread(target=move, args=(alice, bob, 10), name="A")
b = threading.Thread(target=move, args=(bob, alice, 20), name="B")
a.start(); b.start(); a.join(); b.join()
`;

export default {
  "the State tab shows stacks, variables, and what is between threads": async ({ fresh, shots }) => {
    const lab = await ran(fresh, BANK);
    await lab.tab("State").click();
    const a = card(lab, "A");
    await a.getByText("amount").waitFor();
    const words = (await a.innerText()).replace(/\s+/g, " ");
    for (const word of ["move", "line 13", "source", "<alice: 100>", "target", "<bob: 50>", "10"]) assert.ok(words.includes(word), `${word} in ${words}`);
    const between = (await lab.page.getByRole("region", { name: "Between threads" }).innerText()).replace(/\s+/g, " ");
    for (const words of ["lock alice.lock held by A · waiting B", "lock bob.lock held by B · waiting A", "queue jobs 2 of 2 items, 2 not done {'job': 0}, {'job': 1} · waiting F"]) assert.ok(between.includes(words), `${words} in ${between}`);
    const globals = lab.page.getByRole("region", { name: "Globals" });
    await globals.getByText("<alice: 100>").waitFor();
    // A value unfolds, and what is in it as well.
    const alice = globals.getByRole("treeitem").filter({ hasText: "alice" }).first();
    await alice.getByRole("button").first().click();
    await alice.getByText("balance").waitFor();
    assert.equal(await alice.getAttribute("aria-expanded"), "true");
    await lab.page.screenshot({ path: join(shots, "state.png") });
    await alice.getByRole("button").first().click();
    await alice.getByText("balance").waitFor({ state: "detached" });
    lab.assert_no_errors();
  },
  "steps go by line and by instruction, forward and back, of one thread or of all": async ({ fresh }) => {
    const lab = await ran(fresh, "import threading\ndef count(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\nt = threading.Thread(target=count, args=(50,), name='T')\nt.start()\nt.join()\nlast = count(3)\n");
    await lab.tab("State").click();
    // From the end back into the last call.
    await lab.timeline.focus();
    await lab.page.keyboard.press("End");
    let tries = 0;
    while (!(await lab.page.locator(".insp .stack").first().innerText().catch(() => "")).includes("count")) {
      await press(lab, "ArrowLeft");
      await lab.page.waitForTimeout(100);
      assert.ok(++tries < 60, "no step back leads into the call");
    }
    const there = await moment(lab);
    const on = await press(lab, "ArrowRight");
    assert.ok(on > there);
    assert.equal(await press(lab, "ArrowLeft"), there);
    const further = await press(lab, ".");
    assert.ok(further > there && further <= on, `${there} < ${further} <= ${on}`);
    assert.equal(await press(lab, ","), there);
    // Of one thread: the selected one moves, and the editor follows.
    await lab.page.keyboard.press("Home");
    await lab.page.locator('.lab .rows > div:has(.chip:text-is("T"))').last().click();
    await lab.page.getByRole("group", { name: "Step T" }).waitFor();
    const seen = new Set();
    for (let n = 0; n < 8; n++) {
      await lab.page.getByRole("button", { name: "On a line" }).click();
      await lab.page.waitForTimeout(250);
      seen.add((await lab.page.locator(".cm-editor .chip", { hasText: "T" }).first().evaluate((chip) => chip.closest(".cm-gutterElement")?.textContent).catch(() => "")) ?? "");
    }
    const total = card(lab, "T").getByText("total");
    await total.waitFor();
    lab.assert_no_errors();
  },
  "a moment in the middle of a long run is shown soon": async ({ fresh }) => {
    const lab = await ran(fresh, "def work():\n    n = 0\n    while n < 3_000_000:\n        n += 1\n    return n\nwork()\n");
    await lab.tab("State").click();
    const box = await lab.box(lab.timeline);
    const told = [];
    for (const share of [0.9, 0.3, 0.6]) {
      await lab.page.mouse.click(box.x + box.width * share, box.y + 60);
      const at = await moment(lab);
      await lab.page.waitForFunction((at) => document.querySelector(".insp .stack") && Number(document.querySelector('[role="slider"][aria-label="Moment"]').getAttribute("aria-valuenow")) === at, at);
      const text = await lab.page.locator(".insp .stack .value").first().innerText();
      told.push(Number(text));
    }
    assert.ok(told[1] < told[2] && told[2] < told[0], told.join(", "));
  },
};

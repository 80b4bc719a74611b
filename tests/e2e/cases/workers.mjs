// Processes in Web Workers of their own: the same trace for any number of them, and none outlives its run.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { WORKERS, programs } from "../../suite/workers/programs.mjs";

/// A page that gives processes so many workers, each as soon as it is there, unless they are to have them when that pays.
async function with_workers(fresh, workers, worth = "0") {
  const lab = await fresh();
  await lab.page.addInitScript(([workers, worth]) => {
    localStorage.setItem("heddle.workers", workers);
    if (worth !== null) localStorage.setItem("heddle.worth-a-worker", worth);
  }, [String(workers), worth]);
  await lab.open();
  return lab;
}

const strip = (lab) => lab.page.getByRole("region", { name: "Real time in your browser" });

/// The workers there are beside the lab's own.
const hosts = (lab) => lab.page.workers().length - 1;

/// Waits until so many workers of processes are there; how long that took, ms.
async function until_hosts(lab, wanted) {
  const began = Date.now();
  while (!wanted(hosts(lab))) {
    if (Date.now() - began > 20_000) throw new Error(`${hosts(lab)} workers of processes`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return Date.now() - began;
}

const ENDLESS = `import multiprocessing

def count():
    while True:
        pass

if __name__ == "__main__":
    children = [multiprocessing.Process(target=count) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
`;

export default {
  "a run has the same trace hash with 0, 1, 2, 4 and 8 workers, and none outlives it": async ({ fresh }) => {
    const all = await programs();
    assert.ok(all.length >= 25);
    const hashes = new Map();
    for (const workers of WORKERS) {
      const lab = await with_workers(fresh, workers);
      for (const [name, text] of all) {
        await lab.type(text);
        await lab.run();
        await lab.finished();
        const hash = await lab.hash();
        assert.match(hash, /^[0-9a-f]{16}$/);
        assert.equal(hash, hashes.get(name) ?? hash, `${name} with ${workers} workers`);
        hashes.set(name, hash);
        assert.equal(/worker 1/.test(await strip(lab).innerText()), workers !== 0, `${name} with ${workers} workers`);
        await until_hosts(lab, (count) => count === 0);
      }
      lab.assert_no_errors();
    }
    assert.equal(new Set(hashes.values()).size, all.length);
  },
  "the number of workers is chosen in the strip, which tells how much sooner the same run was over": async ({ fresh }) => {
    const lab = await with_workers(fresh, 0);
    await lab.type("print('alone')\n");
    await lab.run();
    await lab.finished();
    assert.equal(await strip(lab).count(), 0);
    const [, text] = (await programs()).find(([name]) => name === "pool");
    await lab.type(text);
    await lab.run();
    await lab.finished();
    const hash = await lab.hash();
    const menu = strip(lab).getByLabel("Web Workers for processes");
    assert.equal(await menu.inputValue(), "0");
    assert.equal(await strip(lab).getByRole("group").count(), 0);
    await menu.selectOption("2");
    await strip(lab).getByText(/\d+\.\d× as fast as none$/).waitFor();
    assert.match(await strip(lab).getByRole("group").innerText(), /^none\s+\d.*s\s+\d+ workers\s+\d.*s$/s);
    assert.equal(await lab.hash(), hash);
    // Another run has times of its own.
    await lab.type(text + "print('more')\n");
    await lab.run();
    await strip(lab).getByText("Choose another one to compare the times.").waitFor();
    lab.assert_no_errors();
  },
  "of processes that compute all but one get workers of their own, and those that talk to one another none": async ({ fresh }) => {
    for (const [name, changes, workers] of [["two_counts", ["80_000_000", "10_000_000"], 1], ["pipe", ["2_000", "1_000"], 0]]) {
      const text = (await readFile(new URL(`../../bench/processes/${name}.py`, import.meta.url), "utf8")).replace(...changes);
      const hashes = new Set();
      for (const allowed of [0, 2]) {
        const lab = await with_workers(fresh, allowed, null);
        await lab.type(text);
        await lab.run();
        await lab.finished();
        hashes.add(await lab.hash());
        const used = (await strip(lab).innerText()).match(/^worker \d/gm) ?? [];
        assert.equal(used.length, Math.min(workers, allowed), `${name} with up to ${allowed} workers`);
        lab.assert_no_errors();
      }
      assert.equal(hashes.size, 1, name);
    }
  },
  "Stop ends the workers of processes at once, and the next run works": async ({ fresh }) => {
    const lab = await with_workers(fresh, 2);
    await lab.type(ENDLESS);
    await lab.run();
    await until_hosts(lab, (count) => count === 2);
    await lab.button("Stop").click();
    assert.ok((await until_hosts(lab, (count) => count === 0)) < 100);
    assert.match(await lab.finished(), /^stopped at/);
    await lab.type("print('again')\n");
    await lab.run();
    await lab.output.getByText("again").waitFor();
    lab.assert_no_errors();
  },
  "a worker of a process that cannot be loaded or fails ends the run with a sentence, and the page recovers": async ({ fresh }) => {
    const missing = (page) => page.addInitScript(() => {
      window.Worker = class extends Worker {
        constructor(script, options) {
          super(options?.name === "heddle-host" ? "nowhere.js" : script, options);
        }
      };
    });
    const garbled = (page) => page.context().route("**/worker.js", async (route) => {
      const answer = await route.fetch();
      const script = await answer.text();
      const sends = ".postMessage(orders.buffer, [orders.buffer])";
      assert.ok(script.includes(sends));
      await route.fulfill({ response: answer, body: script.replace(sends, ".postMessage(new Uint8Array([255, 255, 3]).buffer)") });
    });
    for (const [damage, told] of [
      [missing, /one of its processes failed: the engine's script cannot be loaded/],
      [garbled, /one of its processes failed: its orders are garbled/],
    ]) {
      const lab = await fresh();
      await lab.page.addInitScript(() => localStorage.setItem("heddle.workers", "2"));
      await damage(lab.page);
      await lab.open();
      await lab.type(ENDLESS);
      await lab.run();
      await lab.page.getByText(told).first().waitFor();
      await until_hosts(lab, (count) => count === 0);
      await lab.type("print('again')\n");
      await lab.run();
      await lab.output.getByText("again").waitFor();
    }
  },
};

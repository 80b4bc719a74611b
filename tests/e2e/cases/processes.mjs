// Processes on the page: groups with pid and start method, messages, queues, the same work in other ways, a program of several files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const gallery = join(dirname(fileURLToPath(import.meta.url)), "../../../web/gallery");
const source = (name) => readFile(join(gallery, `${name}.py`), "utf8");

async function ran(fresh, name, options) {
  const lab = await fresh(options);
  await lab.open();
  await lab.type(await source(name));
  await lab.run();
  await lab.finished();
  return lab;
}

const labels = async (lab) => (await lab.page.locator(".lab .rows").innerText()).replace(/\s+/g, " ");

export default {
  "processes have groups, and what is between them has counters": async ({ fresh, shots }) => {
    for (const colorScheme of ["light", "dark"]) {
      const lab = await ran(fresh, "mp_primes", { colorScheme });
      const words = await labels(lab);
      for (const word of ["pid 4001", "pid 4002 · fork · GIL", "exit 0", "Pipes and queues", "tasks, messages", "results, messages"]) {
        assert.ok(words.includes(word), `${word} in: ${words}`);
      }
      await lab.page.screenshot({ path: join(shots, `processes-${colorScheme}.png`) });
      lab.assert_no_errors();
    }
  },
  "messages and forks have arrows with cards": async ({ fresh, shots }) => {
    const lab = await ran(fresh, "mp_pipe_both");
    await lab.page.screenshot({ path: join(shots, "processes-messages.png") });
    // Along the parent's lane, from the end on, the pointer meets what it sends, and where it forks.
    const lane = await lab.box(lab.page.locator(".lab .rows").getByText("MainThread").first());
    const canvas = await lab.box(lab.timeline);
    const seen = new Set();
    for (let x = canvas.x + canvas.width - 4; x > canvas.x && seen.size < 2; x -= 3) {
      await lab.page.mouse.move(x, lane.y + lane.height / 2 + 10);
      await lab.page.waitForTimeout(150);
      const card = lab.page.getByRole("tooltip");
      const text = (await card.isVisible()) ? (await card.innerText()).replace(/\s+/g, " ") : "";
      if (/sends a message .*\['Hello', 'World'\] \(\d+ B\)/.test(text)) seen.add("sends");
      if (/forks .* is a copy: \d+ objects, [\d.]+ MB, \d+ descriptors/.test(text)) seen.add("forks");
    }
    assert.deepEqual([...seen].sort(), ["forks", "sends"]);
    lab.assert_no_errors();
  },
  "shared memory has a lane, which shows what is lost": async ({ fresh, shots }) => {
    for (const colorScheme of ["light", "dark"]) {
      const lab = await ran(fresh, "mp_counter", { colorScheme, viewport: { width: 1440, height: 1100 } });
      const lane = lab.page.locator(".lab .rows > div").filter({ hasText: /shared memory, \d+\+? lost/ });
      const legend = (await lab.page.locator(".legend").innerText()).replace(/\s+/g, " ");
      for (const word of ["zombie", "reads, writes shared memory", "lost update"]) assert.ok(legend.includes(word), legend);
      const canvas = await lab.box(lab.timeline);
      await lab.page.mouse.move(canvas.x + 9, canvas.y + 90);
      await lab.page.keyboard.down("Shift");
      await lab.page.mouse.wheel(0, 3000);
      await lab.page.keyboard.up("Shift");
      // Both count from about 4 to 6 of 45 ms; the second row is the first child's.
      const card = lab.page.getByRole("tooltip");
      let said = "";
      for (let at = 4; at < 6 && !/of which \d+ loses? .* in shared/.test(said); at += 0.1) {
        const row = await lab.box(lane);
        await lab.page.mouse.move(canvas.x + (canvas.width * at) / 45, row.y + 18);
        await lab.page.waitForTimeout(150);
        said = (await card.isVisible()) ? (await card.innerText()).replace(/\s+/g, " ") : "";
      }
      assert.match(said, /p4002 .*\d+ accesses .*of which \d+ loses? what another thread wrote in shared memory/);
      await lab.page.screenshot({ path: join(shots, `processes-memory-${colorScheme}.png`) });
      lab.assert_no_errors();
    }
  },
  "heads of groups say on a card what there is no room for": async ({ fresh }) => {
    const lab = await ran(fresh, "mp_primes");
    const card = lab.page.getByRole("tooltip");
    await lab.page.locator(".lab .g").filter({ hasText: "pid 4002 · fork" }).hover();
    await card.getByText("Process 4002, started by fork, with 2 threads and a GIL of its own.").waitFor();
    await lab.page.mouse.move(5, 5);
    await card.waitFor({ state: "detached" });
    await lab.page.locator(".lab .g button").filter({ hasText: "Pipes and queues" }).focus();
    await card.getByText("How much is in each of them, over time.").waitFor();
    lab.assert_no_errors();
  },
  "the same work in other ways is run, not guessed": async ({ fresh, shots }) => {
    const lab = await ran(fresh, "mp_primes");
    await lab.tab("Stats").click();
    const card = lab.page.getByRole("region", { name: "Other machines" });
    await card.getByText("The same work, other ways").waitFor();
    // A run that took long is repeated only if it is asked for.
    const verdict = card.getByText(/This run is/);
    const asked = card.getByRole("button", { name: "Run on the others" });
    await verdict.or(asked).first().waitFor();
    if (await asked.isVisible()) await asked.click();
    await card.getByText(/This run is [\d.]+× as fast as threads, [\d.]+× as fast as sequential/).waitFor();
    const rows = (await card.getByRole("table").innerText()).replace(/\s+/g, " ");
    assert.match(rows, /processes [\d.]+ ms [\d.]+× threads [\d.]+ ms [\d.]+× sequential [\d.]+ ms 1\.00×/);
    await lab.page.screenshot({ path: join(shots, "processes-ways.png") });
    lab.assert_no_errors();
  },
  "a program of the gallery brings its files": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.open_item(/A channel of pickles to a subprocess/);
    await lab.page.getByRole("tab", { name: "child.py" }).waitFor();
    await lab.run();
    await lab.output.getByText("('child', [1, 2, 3, 4])").waitFor();
    const words = await labels(lab);
    assert.ok(words.includes("pid 4002 · exec"), words);
    lab.assert_no_errors();
  },
  "a pool that waits for itself is a deadlock with names": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(await source("mp_future_deadlock"));
    await lab.run();
    await lab.page.getByText("Deadlock.").waitFor();
    await lab.page.screenshot({ path: join(shots, "processes-deadlock.png") });
    lab.assert_no_errors();
  },
  "processes have their place on a phone": async ({ fresh, shots }) => {
    const lab = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await lab.open();
    await lab.type(await source("mp_primes"));
    await lab.run();
    await lab.tab("Timeline").tap();
    await lab.page.locator(".lab .rows").getByText("p4003").waitFor();
    await lab.page.screenshot({ path: join(shots, "processes-phone.png") });
    const wide = await lab.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 390, `the page is ${wide} px wide`);
    lab.assert_no_errors();
  },
};

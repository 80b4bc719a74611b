// Event loops and tasks on the page: lanes, the blocked loop, await chains, many tasks.
import assert from "node:assert/strict";
import { join } from "node:path";

const PAGES = `import asyncio, time

pages = asyncio.Queue()

async def fetch(i, delay):
    await asyncio.sleep(delay)
    await pages.put(f"page {i}")

async def parse():
    for _ in range(4):
        page = await pages.get()
        time.sleep(0.012)
        print("parsed", page)

async def main():
    async with asyncio.TaskGroup() as group:
        for i, delay in enumerate((0.012, 0.020, 0.022, 0.040), 1):
            group.create_task(fetch(i, delay), name=f"fetch-{i}")
        group.create_task(parse(), name="parse")

asyncio.run(main())
`;

const MANY = `import asyncio
async def sleeps(n):
    await asyncio.sleep(n / 1000)
async def main():
    await asyncio.gather(*(asyncio.create_task(sleeps(n), name=f"sleeper-{n}") for n in range(300)))
asyncio.run(main())
`;

async function ran(fresh, text, options) {
  const lab = await fresh(options);
  await lab.open();
  await lab.type(text);
  await lab.run();
  await lab.finished();
  return lab;
}

const labels = async (lab) => (await lab.page.locator(".lab .rows").innerText()).replace(/\s+/g, " ");

export default {
  "an event loop and its tasks have lanes, and a blocked loop is told": async ({ fresh, shots }) => {
    for (const colorScheme of ["light", "dark"]) {
      const lab = await ran(fresh, PAGES, { colorScheme });
      const words = await labels(lab);
      for (const word of ["Event loop", "MainThread", "loop runs", "ready tasks", "Tasks", "fetch-1", "fetch-4", "parse"]) {
        assert.ok(words.includes(word), `${word} in: ${words}`);
      }
      await lab.tab("State").click();
      await lab.page.getByText("parse blocks the loop").waitFor();
      await lab.page.locator(".lab .rows").getByText("fetch-4").click();
      await lab.page.screenshot({ path: join(shots, `coroutines-${colorScheme}.png`) });
      lab.assert_no_errors();
    }
  },
  "the selected task tells its await chain with lines": async ({ fresh, shots }) => {
    const lab = await ran(fresh, PAGES);
    await lab.tab("State").click();
    // The table's row of the task, then a moment at which it sleeps.
    await lab.page.locator(".lab .rows").getByText("fetch-4").click();
    await lab.timeline.focus();
    await lab.page.keyboard.press("Home");
    for (let n = 0; n < 12; n++) {
      await lab.page.keyboard.press("]");
      if (await lab.page.locator(".task-card .chain").first().isVisible()) break;
    }
    const card = (await lab.page.locator(".task-card").innerText()).replace(/\s+/g, " ");
    assert.match(card, /Await chain fetch main\.py, line 6 sleep tasks\.py, line \d+/i);
    assert.match(card, /made by .+ at main, line 18/);
    await lab.page.screenshot({ path: join(shots, "coroutines-chain.png") });
    lab.assert_no_errors();
  },
  "many tasks are folded by their function and found by name": async ({ fresh, shots }) => {
    const lab = await ran(fresh, MANY);
    const folded = await labels(lab);
    assert.ok(folded.includes("sleeps 300 tasks"), folded);
    await lab.page.getByRole("searchbox", { name: "Find tasks" }).fill("sleeper-27");
    await lab.page.locator(".lab .rows").getByText("sleeper-271").waitFor();
    assert.ok((await labels(lab)).includes("11 of 303"));
    await lab.page.screenshot({ path: join(shots, "coroutines-many.png") });
    lab.assert_no_errors();
  },
  "tasks have their place on a phone": async ({ fresh, shots }) => {
    const lab = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await lab.open();
    await lab.type(PAGES);
    await lab.run();
    await lab.tab("Timeline").tap();
    await lab.page.getByText("loop runs").waitFor();
    await lab.page.screenshot({ path: join(shots, "coroutines-phone.png") });
    await lab.tab("State").tap();
    await lab.page.getByText("parse blocks the loop").waitFor();
    await lab.page.screenshot({ path: join(shots, "coroutines-phone-state.png") });
    const wide = await lab.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 390, `the page is ${wide} px wide`);
    lab.assert_no_errors();
  },
};

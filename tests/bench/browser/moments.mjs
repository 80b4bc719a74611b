// How long the page takes to show a moment of a long run: after a click anywhere on the timeline, and after a step. Prints for each program of the arguments
// "NAME SCRUB50 SCRUB95 STEP50 STEP95", milliseconds from the event to the drawn scene (calls with their variables), at the median and at the 95th percentile:
//
//   node moments.mjs DIST PROGRAM.py …
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { serve } from "../../e2e/server.mjs";
import { heddle, launch } from "./page.mjs";

const SCRUBS = Number(process.env.SCRUBS ?? 60);
const STEPS = Number(process.env.STEPS ?? 60);

const [dist, ...files] = process.argv.slice(2);
const server = await serve(dist, "/");
const browser = await launch();
const at = (times, share) => times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];

/// From the next event of this kind until the scene of another moment than now is drawn.
const watch = (page, kind) => page.evaluate((kind) => {
  const slider = document.querySelector('[role="slider"][aria-label="Moment"]');
  const before = slider.getAttribute("aria-valuenow");
  window.shown = new Promise((done) => {
    addEventListener(kind, () => {
      const began = performance.now();
      const look = () => {
        if (slider.getAttribute("aria-valuenow") === before || !document.querySelector(".insp .stack .vars-list")) return;
        observer.disconnect();
        done(performance.now() - began);
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    }, { capture: true, once: true });
  });
}, kind);

for (const file of files) {
  const { page, open, run } = await heddle(browser, server.address, 0);
  await open(await readFile(file, "utf8"));
  await run();
  await page.getByRole("tab", { name: "State" }).click();
  const timeline = page.getByRole("application");
  const box = await timeline.boundingBox();
  // The same moments each time, all over the run.
  let state = 42;
  const chance = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const scrubs = [];
  for (let n = 0; n < SCRUBS; n++) {
    await watch(page, "pointerup");
    await page.mouse.click(box.x + box.width * (0.05 + 0.9 * chance()), box.y + 8);
    scrubs.push(await page.evaluate(() => window.shown));
  }
  const steps = [];
  await timeline.focus();
  for (let n = 0; n < STEPS; n++) {
    await watch(page, "keydown");
    await page.keyboard.press(n % 2 ? "ArrowLeft" : "ArrowRight");
    steps.push(await page.evaluate(() => window.shown));
  }
  console.log(`${basename(file, ".py")} ${[at(scrubs, 0.5), at(scrubs, 0.95), at(steps, 0.5), at(steps, 0.95)].map((ms) => ms.toFixed(1)).join(" ")}`);
  await page.context().close();
}
await browser.close();
server.close();

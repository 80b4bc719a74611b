// Runs programs of several processes in one Chromium with none and with two Web Workers for processes, in turns, and prints for each the medians of what the
// page says they took, in milliseconds, and the shortest:
//
//   node workers.mjs DIST PROGRAM.py …        "NAME NONE TWO BEST_NONE BEST_TWO"
import { chromium } from "playwright-core";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { serve } from "../../e2e/server.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const LONGEST_MS = 180_000;

const [dist, ...files] = process.argv.slice(2);
const server = await serve(dist, "/");
const browser = await chromium.launch({
  executablePath: process.env.CHROME,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/// A page whose processes have so many workers: a function that runs a program in it and gives milliseconds.
async function heddle(workers) {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(LONGEST_MS);
  await page.addInitScript((workers) => localStorage.setItem("heddle.workers", workers), String(workers));
  await page.goto(server.address);
  await page.getByRole("textbox", { name: "Editor" }).waitFor();
  return async (source) => {
    await page.getByRole("button", { name: "Gallery", exact: true }).click();
    await page.getByLabel("Open a .py file…").setInputFiles({ name: "main.py", mimeType: "text/x-python", buffer: Buffer.from(source) });
    await page.waitForFunction((source) => localStorage.getItem("heddle.program") === source, source);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.waitForFunction(() => /starting|running/.test(document.querySelector(".came").innerText));
    const told = page.locator(".came [title]").filter({ hasText: /^(ran|stopped)/ }).first();
    await told.waitFor();
    const hash = await page.getByLabel("Trace hash").getAttribute("data-hash");
    return [parseFloat(await told.getAttribute("title")), hash];
  };
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const [none, two] = [await heddle(0), await heddle(2)];
for (const file of files) {
  const source = await readFile(file, "utf8");
  const times = [[], []];
  const hashes = new Set();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, run] of [none, two].entries()) {
      const [took, hash] = await run(source);
      times[at].push(took);
      hashes.add(hash);
    }
  }
  if (hashes.size !== 1) throw new Error(`${file}: not the same trace with and without workers`);
  const numbers = [...times.map(median), ...times.map((all) => Math.min(...all))];
  console.log(`${basename(file, ".py")} ${numbers.map((number) => number.toFixed(1)).join(" ")}`);
}
await browser.close();
server.close();

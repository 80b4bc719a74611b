// Runs programs of several processes in one Chromium, in turns: with no Web Worker for processes; with up to two where that pays; with two that processes get
// at once. Prints for each the medians of what the page says they took, in milliseconds, and the shortest:
//
//   node workers.mjs DIST PROGRAM.py …        "NAME NONE TWO APART BEST_NONE BEST_TWO BEST_APART"
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { serve } from "../../e2e/server.mjs";
import { heddle, launch } from "./page.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);

const [dist, ...files] = process.argv.slice(2);
const server = await serve(dist, "/");
const browser = await launch();

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const pages = await Promise.all([[0], [2], [2, 0]].map((given) => heddle(browser, server.address, ...given)));
for (const file of files) {
  const source = await readFile(file, "utf8");
  const times = pages.map(() => []);
  const hashes = new Set();
  for (const page of pages) await page.open(source);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, page] of pages.entries()) {
      times[at].push((await page.run())[0]);
      hashes.add(await page.hash());
    }
  }
  if (hashes.size !== 1) throw new Error(`${file}: not the same trace with and without workers`);
  const numbers = [...times.map(median), ...times.map((all) => Math.min(...all))];
  console.log(`${basename(file, ".py")} ${numbers.map((number) => number.toFixed(1)).join(" ")}`);
}
await browser.close();
server.close();

// Runs programs in one Chromium by Heddle's page and by Pyodide, in turns, and prints for each the medians in milliseconds:
//
//   node run.mjs DIST PROGRAM.py …        "NAME PYODIDE HEDDLE"; first a line "(start) 0 HEDDLE" for a program that does nothing
//
// Measured is the run itself: of Pyodide the call of runPython in a worker that has loaded it; of Heddle what its worker
// measures, which contains the start of the simulated machine and process (the first line tells how much that is).
import { chromium } from "playwright-core";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../e2e/server.mjs";

const ROUNDS = 3;
/// No program takes nearly as long.
const LONGEST_MS = 180_000;

const [dist, ...files] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const [ours, theirs] = [await serve(dist, "/"), await serve(join(here, "node_modules/pyodide"), "/")];
const browser = await chromium.launch({
  executablePath: process.env.CHROME,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/// Heddle's page: gives [milliseconds, what the program wrote].
async function heddle() {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(LONGEST_MS);
  await page.goto(ours.address);
  return async (source) => {
    await page.evaluate((source) => localStorage.setItem("heddle.program", source), source);
    await page.reload();
    await page.getByRole("textbox", { name: "Editor" }).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const status = page.getByRole("group", { name: "Machine" }).getByText(/^(ran|stopped at)/);
    const title = await status.getAttribute("title");
    if (!title) throw new Error(`Heddle ${await status.innerText()}`);
    return [parseFloat(title), (await page.locator(".written .tx").allInnerTexts()).join("\n")];
  };
}

/// A worker with Pyodide: gives the same.
async function pyodide() {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${theirs.address}package.json`);
  await page.evaluate(async (address) => {
    const script = `import { loadPyodide } from "${address}pyodide.mjs";
      const python = await loadPyodide({ indexURL: "${address}" });
      let written = [];
      python.setStdout({ batched: (line) => written.push(line) });
      python.setStderr({ batched: (line) => written.push(line) });
      onmessage = ({ data }) => {
        written = [];
        const globals = python.toPy({ __name__: "__main__" });
        const began = performance.now();
        let error = null;
        try { python.runPython(data, { globals }); } catch (raised) { error = String(raised); }
        postMessage([performance.now() - began, error ?? written.join("\\n")]);
      };
      postMessage("ready");`;
    window.worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
    await new Promise((done) => (worker.onmessage = done));
  }, theirs.address);
  return (source) =>
    page.evaluate((source) => new Promise((done) => {
      worker.onmessage = ({ data }) => done(data);
      worker.postMessage(source);
    }), source);
}

const median = (all) => all.sort((a, b) => a - b)[all.length >> 1];
const [run_ours, run_theirs] = [await heddle(), await pyodide()];
const start = [];
for (let i = 0; i < ROUNDS; i++) start.push((await run_ours("pass\n"))[0]);
console.log(`(start) 0 ${median(start).toFixed(1)}`);
for (const file of files) {
  const source = await readFile(file, "utf8");
  const times = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    const [their_ms, their_text] = await run_theirs(source);
    const [our_ms, our_text] = await run_ours(source);
    if (our_text !== their_text) throw new Error(`${basename(file)}: Pyodide wrote\n${their_text}\nand Heddle\n${our_text}`);
    times[0].push(their_ms);
    times[1].push(our_ms);
  }
  console.log(`${basename(file, ".py")} ${median(times[0]).toFixed(1)} ${median(times[1]).toFixed(1)}`);
}
await browser.close();
process.exit(0);

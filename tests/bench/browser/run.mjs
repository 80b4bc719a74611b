// Runs programs in one Chromium by Heddle's page and by Pyodide, in turns, and prints for each the medians in milliseconds:
//
//   node run.mjs DIST PROGRAM.py …        "NAME PYODIDE HEDDLE"; first a line "(start) …" for a program that does nothing
//
// Measured is the run itself: of Pyodide the call of runPython in a worker that has loaded it; of Heddle what its worker
// measures, which contains the start of the simulated machine and process (the first line tells how much that is).
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../e2e/server.mjs";
import { heddle, launch } from "./page.mjs";

const ROUNDS = 5;
const WARM_MS = 2_500;

const [dist, ...files] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const [ours, theirs] = [await serve(dist, "/"), await serve(join(here, "node_modules/pyodide"), "/")];
const browser = await launch();

/// A worker with Pyodide: a function that runs a program in it and gives milliseconds and what it wrote.
async function pyodide() {
  const page = await (await browser.newContext()).newPage();
  // An empty page of Pyodide's origin: its worker must be able to load what lies there.
  await page.route("**/empty", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${theirs.address}empty`);
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
const run_theirs = await pyodide();
const page = await heddle(browser, ours.address);
/// Browsers compile wasm again, better, while it runs: both get so long for that with every program.
const warm = async (run) => {
  for (const began = performance.now(); performance.now() - began < WARM_MS; ) await run();
};
for (const file of [null, ...files]) {
  const source = file ? await readFile(file, "utf8") : "pass\n";
  await page.open(source);
  const times = [[], []];
  await warm(() => run_theirs(source));
  await warm(page.run);
  for (let i = 0; i < ROUNDS; i++) {
    const [their_ms, their_text] = await run_theirs(source);
    const [our_ms, our_text] = await page.run();
    if (our_text !== their_text) throw new Error(`${file}: Pyodide wrote\n${their_text}\nand Heddle\n${our_text}`);
    times[0].push(their_ms);
    times[1].push(our_ms);
  }
  console.log(`${file ? basename(file, ".py") : "(start)"} ${median(times[0]).toFixed(1)} ${median(times[1]).toFixed(1)}`);
}
await browser.close();
process.exit(0);

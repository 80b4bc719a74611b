// The browser tests: one line per test, "N passed, N failed" at the end. Needs the built page (web/dist) and a Chromium.
//
//   node run.mjs [WORD …]     only the tests whose names hold all the words; CHROME= names the browser
import { chromium } from "playwright-core";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { serve } from "./server.mjs";
import { Lab } from "./lab.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = process.env.HEDDLE_DIST ?? join(here, "../../web/dist");
export const shots = join(here, "shots");

function browserPath() {
  if (process.env.CHROME) return process.env.CHROME;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {}
  }
  throw new Error("no Chromium found: install the package chromium, or set CHROME to one");
}

if (!existsSync(join(dist, "index.html"))) throw new Error(`${dist} holds no built page: run cargo xtask serve or build first`);
await mkdir(shots, { recursive: true });
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const cases = [];
for (const file of (await readdir(join(here, "cases"))).sort()) {
  const { default: tests } = await import(pathToFileURL(join(here, "cases", file)).href);
  for (const [name, test] of Object.entries(tests)) {
    if (words.every((word) => name.toLowerCase().includes(word))) cases.push([name, test]);
  }
}

const browser = await chromium.launch({
  executablePath: browserPath(),
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const [root, below] = [await serve(dist, "/"), await serve(dist, "/courses/week-3/heddle/")];
/// Runs one test; says whether it passed.
async function attempt(name, test, on_failure) {
  const began = Date.now();
  const contexts = [];
  /// A page in a fresh profile. Without a service worker: it would fetch every file once more for each test, and answer in the place of what a test puts there.
  const fresh = async (options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", serviceWorkers: "block", ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return new Lab(page, options.below ? below.address : root.address);
  };
  let passed = true;
  try {
    await test({ fresh, shots, dist });
    console.log(`ok      ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    passed = false;
    console.log(`${on_failure}  ${name}\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
    const page = contexts.at(-1)?.pages()[0];
    await page?.screenshot({ path: join(shots, `failed-${name.replace(/\W+/g, "-").slice(0, 60)}.png`) }).catch(() => {});
  }
  for (const context of contexts) await context.close();
  return passed;
}

// A test that fails is tried once more when the others are through: on a machine that does other work too a page can be late. Both are told.
let passed = 0;
const again = [];
for (const [name, test] of cases) (await attempt(name, test, "AGAIN ")) ? passed++ : again.push([name, test]);
for (const [name, test] of again) if (await attempt(name, test, "FAILED")) passed++;
const failed = cases.length - passed;
await browser.close();
root.close();
below.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

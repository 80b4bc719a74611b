// The page in browsers beside Chromium: one line per browser and case, "N passed, N failed" at the end.
//
//   node run.mjs [WORD …]     only the cases whose names (with the browser's) hold all the words
//
// Needs the built page (web/dist or HEDDLE_DIST), HEDDLE_BIN or target/release/heddle for the hashes, and firefox-esr or WebKitWebDriver (with
// xvfb-run); FIREFOX and WEBKIT_DRIVER name others. What is not installed is told and left out. Pictures for the eye go to shots/.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../e2e/server.mjs";
import * as firefox from "./firefox.mjs";
import * as webkit from "./webkit.mjs";
import { Person, root } from "./person.mjs";
import { cases } from "./cases.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const shots = join(here, "shots");
const dist = process.env.HEDDLE_DIST ?? join(root, "web/dist");
await mkdir(shots, { recursive: true });
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const { address, close } = await serve(dist, "/course/heddle/");
let [passed, failed] = [0, 0];
for (const browser of [firefox, webkit]) {
  if (!browser.program()) {
    console.log(`${browser.name} is not installed: left out`);
    continue;
  }
  let told = false;
  for (const [what, { size = [1440, 900], dark = false, work }] of Object.entries(cases)) {
    const name = `${browser.name}: ${what}`;
    if (!words.every((word) => name.toLowerCase().includes(word))) continue;
    const began = Date.now();
    let window;
    try {
      window = await browser.open({ width: size[0], height: size[1], dark });
      if (!told) console.log(`${browser.name}: ${window.version}`);
      told = true;
      const shot = (of) => window.screenshot(join(shots, `${browser.name.toLowerCase()}-${of}.png`));
      await work({ person: new Person(window, address), window, shot, address, dist });
      passed++;
      console.log(`ok      ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
      await window?.screenshot(join(shots, `failed-${name.replace(/\W+/g, "-").slice(0, 60)}.png`)).catch(() => {});
    }
    await window?.close().catch((error) => console.log(`        ${error}`));
  }
}
close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

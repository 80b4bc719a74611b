// Bundles the editor into one classic script (a module would need CORS in a sandboxed frame) and copies the Latin subsets of the two fonts, all to js/out/.
import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "out");
const modules = join(here, "..", "node_modules");

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "fonts"), { recursive: true });
await build({
  entryPoints: [join(here, "editor", "index.mjs")],
  outfile: join(out, "editor.js"),
  bundle: true,
  format: "iife",
  globalName: "heddleEditor",
  minify: true,
  target: "es2022",
  legalComments: "eof",
  logLevel: "warning",
});
const fonts = [
  ["@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", "inter.woff2"],
  ["@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2", "jetbrains-mono.woff2"],
];
for (const [from, to] of fonts) await copyFile(join(modules, from), join(out, "fonts", to));

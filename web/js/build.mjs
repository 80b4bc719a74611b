// Bundles the editor into one classic script (a module would need CORS in a sandboxed frame) and copies the Latin subsets of the two fonts, all to js/out/.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "out");
const modules = join(here, "..", "node_modules");

/// CodeMirror's styles as a constructed sheet: the page's policy allows no `<style>` that a script makes. Its own code does so in shadow roots only.
const constructedSheets = {
  name: "constructed-sheets",
  setup(build) {
    build.onLoad({ filter: /style-mod\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const only = "!root.head && root.adoptedStyleSheets";
      if (!text.includes(only)) throw new Error(`${path} does not say "${only}" any more`);
      return { contents: text.replace(only, "root.adoptedStyleSheets"), loader: "js" };
    });
  },
};

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
  plugins: [constructedSheets],
  logLevel: "warning",
});
const fonts = [
  ["@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", "inter.woff2"],
  ["@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2", "jetbrains-mono.woff2"],
];
for (const [from, to] of fonts) await copyFile(join(modules, from), join(out, "fonts", to));

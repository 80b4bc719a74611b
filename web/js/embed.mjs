// Makes of the built page what an embedded lab needs, in its folder (`cargo xtask` runs it when everything else is there):
//
//   embed.html         from static/embed.html, with the page's own styles
//   embed-page-*.js    the page's program as one classic script
//   embed-boot-*.js    what starts it
//   embed.js           what course pages load, minified
//   worker.js          with what it imports, as one classic script, which the lab uses too
//   FILE.js            for each large file: the same as base64, for frames in which nothing can be fetched
//   course.html, .css   an example of a course page
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, "..", "..", "static");
const dist = process.argv[2];
const names = await readdir(dist);
const one = (pattern) => {
  const found = names.filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${dist} has ${found.length} files like ${pattern}`);
  return found[0];
};

/// A file with a checksum in its name, so that browsers may keep it.
async function put(name, text) {
  const sum = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const file = name.replace(/(\.\w+)$/, `-${sum}$1`);
  await writeFile(join(dist, file), text);
  return file;
}

const classic = { bundle: true, format: "iife", target: "es2022", legalComments: "none", logLevel: "warning", write: false };
/// The address that wasm-bindgen's script would load its program from by itself; ours are always given theirs.
const unused = { define: { "import.meta.url": '"unused:"' } };

async function bundled(file, options) {
  const { outputFiles } = await build({ ...classic, ...unused, entryPoints: [join(dist, file)], ...options });
  return outputFiles[0].text;
}

async function minified(file) {
  const { code } = await transform(await readFile(join(sources, file), "utf8"), { minify: true, target: "es2022" });
  return code;
}

// Not minified: it is short, and what goes wrong in it is told by its lines.
await writeFile(join(dist, "worker.js"), await bundled("worker.js", {}));
for (const part of ["heddle-worker.js", "heddle-unpack.js"]) await rm(join(dist, part));

const program = one(/^heddle-web-[0-9a-f]+_bg\.wasm$/);
const page = await put("embed-page.js", await bundled(one(/^heddle-web-[0-9a-f]+\.js$/), { globalName: "heddlePage", minify: true }));
const boot = await put("embed-boot.js", await minified("embed-boot.js"));
const look = await put("embed.css", await readFile(join(sources, "embed.css")));
await writeFile(join(dist, "embed.js"), await minified("embed.js"));
for (const name of ["course.html", "course.css"]) await copyFile(join(sources, name), join(dist, name));

const index = await readFile(join(dist, "index.html"), "utf8");
const styles = [...index.matchAll(/<link rel="stylesheet" href="[^"]*?([^"/]+\.css)"/g)].map((match) => match[1]).filter((name) => !name.startsWith("fonts-"));
const sheet = (name) => `<link rel="stylesheet" href="${name}">`;
const html = (await readFile(join(sources, "embed.html"), "utf8"))
  .replace("<!-- styles -->", [...styles, look].map(sheet).join("\n"))
  .replaceAll("BOOT", boot)
  .replaceAll("PAGE", page)
  .replaceAll("PROGRAM", program);
await writeFile(join(dist, "embed.html"), html);

const large = [program, "heddle-unpack_bg.wasm", ...names.filter((name) => name.endsWith(".lzma"))];
for (const name of large) {
  const text = (await readFile(join(dist, name))).toString("base64");
  await writeFile(join(dist, `${name}.js`), `heddleGive(${JSON.stringify(name)},"${text}")\n`);
}

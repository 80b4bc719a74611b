// The last step of building the page (`cargo xtask` runs it when everything else is there): the policy that says what the page may load and run, and the service worker that keeps it
// for when there is no network.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const sources = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "static");
const dist = process.argv[2];
const sha256 = (content) => createHash("sha256").update(content);

/// Nothing from elsewhere, nothing inline but the scripts that stand there now, no `eval`; wasm, workers from our own files, and from Blob URLs for frames without an origin.
function policy(html) {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) => `'sha256-${sha256(text).digest("base64")}'`);
  const rules = {
    "default-src": ["'none'"],
    "script-src": ["'self'", "'wasm-unsafe-eval'", ...inline],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'", "blob:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
  };
  return Object.entries(rules).map(([name, values]) => `${name} ${values.join(" ")}`).join("; ");
}

for (const name of ["index.html", "embed.html"]) {
  const html = await readFile(join(dist, name), "utf8");
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(html)}">`;
  const first = '<meta charset="utf-8">';
  if (!html.includes(first)) throw new Error(`${name} does not begin with ${first}`);
  await writeFile(join(dist, name), html.replace(first, `${first}\n${meta}`));
}

/// Every file of the page, but those as base64, which only frames without an origin ask for: they have no service worker.
const entries = await readdir(dist, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && !/^(course\..*|service\.js|.*\.(wasm|lzma)\.js)$/.test(entry.name))
  .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
  .sort();
const version = sha256("");
for (const name of files) version.update(`${name}\0`).update(await readFile(join(dist, name)));
const service = (await readFile(join(sources, "service.js"), "utf8"))
  .replace('"VERSION"', JSON.stringify(version.digest("hex").slice(0, 16)))
  .replace('["FILES"]', JSON.stringify(files));
await writeFile(join(dist, "service.js"), service);

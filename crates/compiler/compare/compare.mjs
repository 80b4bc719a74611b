// Runs compare.py under a real CPython 3.14 (the npm package `pyodide`, whose folder is the first argument).
//   node compare.mjs PYODIDE_FOLDER FILE.py … > theirs.txt
//   cargo run -p heddle-compiler --example dump FILE.py … > ours.txt
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "node_modules/pyodide/pyodide.mjs")));
const python = await loadPyodide();
python.setStdout({ batched: (line) => console.log(line) });
python.FS.mkdirTree("/w");
python.FS.mount(python.FS.filesystems.NODEFS, { root: "/" }, "/w");
python.globals.set("ARGV", python.toPy(["compare.py", ...files.map((file) => path.resolve(file))]));
const script = path.join(path.dirname(new URL(import.meta.url).pathname), "compare.py");
await python.runPythonAsync(fs.readFileSync(script, "utf8"));

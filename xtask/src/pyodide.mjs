// Runs one Python file in Pyodide as `python FILE` would: its stdout and stderr on ours, its exit status ours.
import { readFileSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { loadPyodide } from "pyodide";

const file = process.argv[2];
const python = await loadPyodide();
const to = (descriptor) => ({ write: (bytes) => writeSync(descriptor, bytes) });
python.setStdout(to(1));
python.setStderr(to(2));
python.FS.writeFile(`/home/pyodide/${basename(file)}`, readFileSync(file));
python.globals.set("_path", `/home/pyodide/${basename(file)}`);
const status = python.runPython(`
import runpy, sys, traceback
_status = 0
sys.argv = [_path]
try:
    runpy.run_path(_path, run_name="__main__")
except SystemExit as error:
    if error.code is None or isinstance(error.code, int):
        _status = error.code or 0
    else:
        print(error.code, file=sys.stderr)
        _status = 1
except BaseException:
    traceback.print_exc()
    _status = 1
sys.stdout.flush()
sys.stderr.flush()
_status
`);
process.exit(status);

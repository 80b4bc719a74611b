// The programs of several processes that must have the same trace for every number of workers, in every browser.
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/// Of the conformance programs, which are many, those that differ most from the ones here and from one another.
const CONFORMANCE = [
  "fork_family", "fork_pipelines", "fork_stop", "mmap_processes", "mp_channels", "mp_executor", "mp_joinable_queue", "mp_listener", "mp_lost_updates", "mp_map_reduce",
  "mp_pipe_ends", "mp_pool", "mp_process", "mp_queue_pickling", "mp_shared_value", "mp_signals", "mp_sync",
];

/// How many workers a run is given, in turn.
export const WORKERS = [0, 1, 2, 4, 8];

/// Names and texts.
export async function programs() {
  const own = (await readdir(here)).filter((name) => name.endsWith(".py")).sort().map((name) => join(here, name));
  const others = CONFORMANCE.map((name) => join(here, "../../conformance", `${name}.py`));
  const shared = join(here, "../determinism/shared_memory.py");
  return Promise.all([...own, shared, ...others].map(async (path) => [path.slice(path.lastIndexOf("/") + 1, -3), await readFile(path, "utf8")]));
}

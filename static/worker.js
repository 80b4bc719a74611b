// The worker's script: fetches the engine, which is packed, unpacks it and starts it. `cargo xtask` writes the file's name for ENGINE.
import start from "./heddle-worker.js";
import prepare, { unpack } from "./heddle-unpack.js";

async function engine() {
  const [response] = await Promise.all([fetch(new URL("ENGINE", import.meta.url)), prepare()]);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return WebAssembly.compile(unpack(new Uint8Array(await response.arrayBuffer())));
}

try {
  await start({ module_or_path: await engine() });
} catch (error) {
  // Thrown in a task of its own it reaches the page's `onerror`, which a rejected import does not in every browser.
  const why = error instanceof Error ? error.message : String(error);
  setTimeout(() => {
    throw new Error(`the engine could not be loaded: ${why}`);
  });
}

// The worker's script: fetches the engine, which is packed, unpacks it and starts it. `cargo xtask` writes the file's name for ENGINE.
//
// The same script makes workers of its own, the hosts, for processes of a run (`crates/worker/src/hosts.rs`): they get the compiled engine and a copy of this
// one's memory, go on from there, and talk to this one in bytes.
import start, * as engine from "./heddle-worker.js";
import prepare, { unpack } from "./heddle-unpack.js";

const HOST = "heddle-host";
const inWords = (error) => (error instanceof Error ? error.message : String(error));

async function compiled() {
  const [response] = await Promise.all([fetch(new URL("ENGINE", import.meta.url)), prepare()]);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return WebAssembly.compile(unpack(new Uint8Array(await response.arrayBuffer())));
}

/** The worker that the page knows. */
async function lab() {
  const module = await compiled();
  const hosts = new Map();
  let exports;
  const heard = (number, host, { report, busy, gone, library }) => {
    // What an ended one has still said is for nobody.
    if (hosts.get(number) !== host) return;
    if (library) engine.needsLibrary();
    else if (gone !== undefined) engine.lost(gone);
    else engine.reported(number, new Uint8Array(report), busy);
  };
  globalThis.heddleOpen = (number) => queueMicrotask(() => {
    try {
      const memory = exports.memory.buffer.slice(0);
      const host = new Worker(import.meta.url, { type: "module", name: HOST });
      host.onmessage = ({ data }) => heard(number, host, data);
      host.onerror = (event) => {
        event.preventDefault();
        heard(number, host, { gone: event.message || "its script cannot be loaded" });
      };
      host.postMessage({ module, memory, values: exports.__wbindgen_externrefs.length }, [memory]);
      hosts.set(number, host);
    } catch (error) {
      return engine.lost(inWords(error));
    }
    engine.opened();
  });
  globalThis.heddleSend = (number, orders) => hosts.get(number)?.postMessage(orders.buffer, [orders.buffer]);
  globalThis.heddleClose = (number) => {
    hosts.get(number)?.terminate();
    hosts.delete(number);
  };
  exports = await start({ module_or_path: module });
}

/** Starts the engine with this memory in place of its own, and without its beginning. */
async function resume({ module, memory, values }) {
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async (given, imports) => {
    const instance = await instantiate(given, imports);
    const begin = () => {
      const { memory: own, __wbindgen_externrefs: table } = instance.exports;
      Object.values(imports).forEach((functions) => functions.__wbindgen_init_externref_table?.());
      if (table.length < values) table.grow(values - table.length);
      own.grow((memory.byteLength - own.buffer.byteLength) / 65536);
      new Uint8Array(own.buffer).set(new Uint8Array(memory));
    };
    return { instance: { exports: { ...instance.exports, __wbindgen_start: begin } }, module };
  };
  await start({ module_or_path: module });
  WebAssembly.instantiate = instantiate;
  engine.becomeHost();
}

/** A process's worker. */
function host() {
  let busy = 0;
  let ready;
  const fail = (error) => self.postMessage({ gone: inWords(error) });
  const serve = (orders) => {
    const began = performance.now();
    const answer = engine.obey(new Uint8Array(orders));
    busy += performance.now() - began;
    if (engine.wantsLibrary()) self.postMessage({ library: true });
    else if (!answer) fail("its orders are garbled");
    else self.postMessage({ report: answer.buffer, busy }, [answer.buffer]);
  };
  const begin = async (copy) => {
    const waiting = [];
    self.onmessage = ({ data }) => waiting.push(data);
    await resume(copy);
    self.onmessage = ({ data }) => {
      try {
        serve(data);
      } catch (error) {
        fail(error);
      }
    };
    waiting.forEach((data) => self.onmessage({ data }));
  };
  self.onmessage = ({ data }) => {
    ready ??= begin(data).catch(fail);
  };
}

if (self.name === HOST) {
  host();
} else {
  try {
    await lab();
  } catch (error) {
    // Thrown in a task of its own it reaches the page's `onerror`, which a rejected import does not in every browser.
    setTimeout(() => {
      throw new Error(`the engine could not be loaded: ${inWords(error)}`);
    });
  }
}

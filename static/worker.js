// The worker's script: fetches the engine, which is packed, unpacks it and starts it. `cargo xtask` writes the file's name for ENGINE and makes one classic
// script of this and what it imports (`web/js/embed.mjs`): a frame without an origin of its own may not load modules.
//
// In an embedded lab the page gives what is fetched here, and keeps the compiled engine (`static/embed-boot.js`).
//
// The same script makes workers of its own, the hosts, for processes of a run (`crates/worker/src/hosts.rs`): they get the compiled engine and a copy of this
// one's memory, go on from there, and talk to this one in bytes.
import start, * as engine from "./heddle-worker.js";
import prepare, { unpack } from "./heddle-unpack.js";

const HOST = "heddle-host";
const inWords = (error) => (error instanceof Error ? error.message : String(error));

const EMBEDDED = "heddle-embedded";

/** Where the files beside this script are; in a worker from a Blob URL the page has said it. */
const BASE = self.heddleBase ?? new URL(".", self.location.href).href;

/** What is in a file. */
let file = async (name) => {
  const response = await fetch(BASE + name);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.arrayBuffer();
};
globalThis.heddleFile = (name) => file(name);

/** The same, where the page at this port has the files. */
function asking(port) {
  const waiting = new Map();
  port.onmessage = ({ data: { name, bytes, error } }) => {
    const { done, fail } = waiting.get(name);
    waiting.delete(name);
    if (bytes) done(bytes);
    else fail(new Error(error));
  };
  return (name) =>
    new Promise((done, fail) => {
      waiting.set(name, { done, fail });
      port.postMessage({ wants: name });
    });
}

async function compiled() {
  const unpacker = async () => prepare({ module_or_path: await file("heddle-unpack_bg.wasm") });
  const [packed] = await Promise.all([file("ENGINE"), unpacker()]);
  return WebAssembly.compile(unpack(new Uint8Array(packed)));
}

/** The worker that the page knows. */
async function lab(module) {
  const hosts = new Map();
  let spare;
  let exports;
  const heard = ({ number }, host, { report, busy, gone, library }) => {
    // What an ended one has still said is for nobody.
    if (hosts.get(number) !== host) return;
    if (library) engine.needsLibrary();
    else if (gone !== undefined) engine.lost(gone);
    else engine.reported(number, new Uint8Array(report), busy);
  };
  const make = () => {
    const worker = new Worker(self.location.href, { name: HOST });
    const seat = { worker, number: undefined, gone: undefined };
    worker.onmessage = ({ data }) => {
      seat.gone ??= data.gone;
      heard(seat, worker, data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      seat.gone ??= event.message || "its script cannot be loaded";
      heard(seat, worker, seat);
    };
    worker.postMessage({ module });
    return seat;
  };
  globalThis.heddlePrepare = () => {
    try {
      spare ??= make();
    } catch {
      // It is tried again, and told, when it is needed.
    }
  };
  globalThis.heddleDismiss = () => {
    spare?.worker.terminate();
    spare = undefined;
  };
  globalThis.heddleOpen = (number) => queueMicrotask(() => {
    try {
      const seat = spare ?? make();
      spare = undefined;
      if (seat.gone !== undefined) throw new Error(seat.gone);
      const memory = exports.memory.buffer.slice(0);
      seat.number = number;
      seat.worker.postMessage({ memory, values: exports.__wbindgen_externrefs.length }, [memory]);
      hosts.set(number, seat.worker);
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

/** The engine before its beginning, and a function that puts a memory in place of its own, from which it goes on. */
async function dormant(module) {
  const instantiate = WebAssembly.instantiate;
  let become;
  WebAssembly.instantiate = async (given, imports) => {
    const instance = await instantiate(given, imports);
    become = ({ memory, values }) => {
      const { memory: own, __wbindgen_externrefs: table } = instance.exports;
      Object.values(imports).forEach((functions) => functions.__wbindgen_init_externref_table?.());
      if (table.length < values) table.grow(values - table.length);
      own.grow((memory.byteLength - own.buffer.byteLength) / 65536);
      new Uint8Array(own.buffer).set(new Uint8Array(memory));
      engine.becomeHost();
    };
    return { instance: { exports: { ...instance.exports, __wbindgen_start: () => {} } }, module };
  };
  await start({ module_or_path: module });
  WebAssembly.instantiate = instantiate;
  return become;
}

/**
 * Keeps this worker's thread from sleeping for a while. When one thread wakes several at once, Linux may put them on one core and leave the other idle for
 * longer than a round takes; threads that have not slept stay where they are.
 */
function watchful() {
  const { port1, port2 } = new MessageChannel();
  let until = 0;
  let turns = false;
  const turn = () => {
    turns = performance.now() < until;
    if (turns) port1.postMessage(null);
  };
  port2.onmessage = turn;
  return (ms) => {
    until = performance.now() + ms;
    if (!turns) turn();
  };
}

/** How long a host that has worked for so long stays awake for its next orders, ms. One whose turns are short would take the core from who sends them. */
const WORKED = 2;
const AWAKE = 2;

/** A process's worker. */
function host() {
  let busy = 0;
  let become;
  let waiting = [];
  const stayAwake = watchful();
  const fail = (error) => self.postMessage({ gone: inWords(error) });
  const serve = (orders) => {
    const began = performance.now();
    const answer = engine.obey(new Uint8Array(orders));
    const took = performance.now() - began;
    busy += took;
    if (engine.wantsLibrary()) self.postMessage({ library: true });
    else if (!answer) fail("its orders are garbled");
    else self.postMessage({ report: answer.buffer, busy }, [answer.buffer]);
    if (took > WORKED) stayAwake(AWAKE);
  };
  const begin = async (copy) => {
    (await become)(copy);
    const orders = waiting;
    waiting = undefined;
    orders.forEach(serve);
  };
  const hear = (data) => {
    if (data.module) become = dormant(data.module);
    else if (data.memory) begin(data).catch(fail);
    else if (waiting) waiting.push(data);
    else serve(data);
  };
  self.onmessage = ({ data }) => {
    try {
      hear(data);
    } catch (error) {
      fail(error);
    }
  };
}

const words = (error) => `the engine could not be loaded: ${inWords(error)}`;
if (self.name === HOST) {
  host();
} else if (self.name === EMBEDDED) {
  self.onmessage = async ({ data: { port, module } }) => {
    self.onmessage = null;
    file = asking(port);
    try {
      module ??= await compiled();
      port.postMessage({ module });
      await lab(module);
    } catch (error) {
      port.postMessage({ failed: words(error) });
    }
  };
} else {
  compiled()
    .then(lab)
    .catch((error) => {
      // Thrown in a task of its own it reaches the page's `onerror`.
      setTimeout(() => {
        throw new Error(words(error));
      });
    });
}

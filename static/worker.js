// The worker's script: fetches the engine, which is packed, unpacks it and starts it. `cargo xtask` writes the file's name for ENGINE and makes one classic
// script of this and what it imports (`web/js/embed.mjs`): a frame without an origin of its own may not load modules.
//
// In an embedded lab the page gives what is fetched here, and keeps the compiled engine (`static/embed-boot.js`).
//
// The same script is that of the hosts, workers for processes of a run (`crates/worker/src/hosts.rs`): the page makes them where the lab's worker wants one, and
// gives them the other end of a channel that this one has made. They get the compiled engine and a copy of the lab's memory, go on from there, and talk to it
// in bytes, past the page.
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
  /** Hosts by number of the worker, which nobody has had before, and those at work by the number that the engine has for them. */
  const seats = new Map();
  const hosts = new Map();
  let made = 0;
  let spare;
  let exports;
  const heard = (seat, { ready, report, busy, gone, library }) => {
    seat.gone ??= gone;
    seat.room ??= ready;
    // One that is gone is opened too, to say why.
    if (seat === spare && (ready || gone !== undefined)) engine.hostIsReady();
    // What an ended one has still said is for nobody.
    if (ready || hosts.get(seat.number) !== seat) return;
    if (library) engine.needsLibrary();
    else if (gone !== undefined) engine.lost(gone);
    else engine.reported(seat.number, new Uint8Array(report), busy);
  };
  const make = () => {
    const { port1, port2 } = new MessageChannel();
    const seat = { worker: ++made, port: port1, room: undefined, number: undefined, gone: undefined };
    port1.onmessage = ({ data }) => heard(seat, data);
    port1.postMessage({ module, bytes: exports.memory.buffer.byteLength });
    seats.set(seat.worker, seat);
    engine.wantWorker(seat.worker, port2);
    return seat;
  };
  const end = (seat) => {
    seat.port.close();
    seats.delete(seat.worker);
    engine.endWorker(seat.worker);
  };
  globalThis.heddlePrepare = () => {
    spare ??= make();
  };
  globalThis.heddleDismiss = () => {
    if (spare) end(spare);
    spare = undefined;
  };
  globalThis.heddleOpen = (number) => queueMicrotask(() => {
    try {
      const seat = spare ?? make();
      spare = undefined;
      if (seat.gone !== undefined) {
        end(seat);
        throw new Error(seat.gone);
      }
      seat.number = number;
      hosts.set(number, seat);
      const copy = copied(new Uint8Array(exports.memory.buffer), seat.room);
      seat.port.postMessage({ copy, values: exports.__wbindgen_externrefs.length }, [copy.buffer]);
    } catch (error) {
      return engine.lost(inWords(error));
    }
    engine.opened();
  });
  globalThis.heddleSend = (number, orders) => hosts.get(number)?.port.postMessage(orders.buffer, [orders.buffer]);
  globalThis.heddleClose = (number) => {
    const seat = hosts.get(number);
    if (seat) end(seat);
    hosts.delete(number);
  };
  globalThis.heddleLost = (worker, gone) => {
    const seat = seats.get(worker);
    if (seat) heard(seat, { gone });
  };
  exports = await start({ module_or_path: module });
}

/** A copy of these bytes, in a buffer that has room for them if there is one. */
function copied(bytes, room) {
  if (!room || room.byteLength < bytes.length) return bytes.slice();
  const copy = new Uint8Array(room, 0, bytes.length);
  copy.set(bytes);
  return copy;
}

/** Has the operating system give these bytes their memory, which takes most of the time when they are written for the first time. Nobody needs what they are. */
function touch(buffer) {
  new Uint8Array(buffer).fill(0);
}

/** How much an engine's memory may grow between a host's beginning and the copy for it, bytes. */
const GROWTH = 8 << 20;

/** The engine before its beginning, with so much memory, and a function that puts another one's bytes into that, from which it goes on. */
async function dormant(module, bytes) {
  const instantiate = WebAssembly.instantiate;
  let become;
  WebAssembly.instantiate = async (given, imports) => {
    const instance = await instantiate(given, imports);
    const { memory, __wbindgen_externrefs: table } = instance.exports;
    const grow = (size) => {
      if (memory.buffer.byteLength < size) memory.grow((size - memory.buffer.byteLength) / 65536);
    };
    grow(bytes);
    touch(memory.buffer);
    become = ({ copy, values }) => {
      Object.values(imports).forEach((functions) => functions.__wbindgen_init_externref_table?.());
      if (table.length < values) table.grow(values - table.length);
      grow(copy.length);
      new Uint8Array(memory.buffer).set(copy);
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

/** A process's worker, which talks to the lab's by this port. */
function host(port) {
  let busy = 0;
  let become;
  let waiting = [];
  const stayAwake = watchful();
  const fail = (error) => port.postMessage({ gone: inWords(error) });
  const serve = (orders) => {
    const began = performance.now();
    const answer = engine.obey(new Uint8Array(orders));
    const took = performance.now() - began;
    busy += took;
    if (engine.wantsLibrary()) port.postMessage({ library: true });
    else if (!answer) fail("its orders are garbled");
    else port.postMessage({ report: answer.buffer, busy }, [answer.buffer]);
    if (took > WORKED) stayAwake(AWAKE);
  };
  const begin = async (copy) => {
    (await become)(copy);
    const orders = waiting;
    waiting = undefined;
    orders.forEach(serve);
  };
  const hear = (data) => {
    if (data.module) {
      become = dormant(data.module, data.bytes);
      become.then(() => {
        const ready = new ArrayBuffer(data.bytes + GROWTH);
        touch(ready);
        port.postMessage({ ready }, [ready]);
      }, fail);
    } else if (data.copy) begin(data).catch(fail);
    else if (waiting) waiting.push(data);
    else serve(data);
  };
  port.onmessage = ({ data }) => {
    try {
      hear(data);
    } catch (error) {
      fail(error);
    }
  };
  port.onmessageerror = () => fail("what it was given could not be read");
}

const words = (error) => `the engine could not be loaded: ${inWords(error)}`;
if (self.name === HOST) {
  self.onmessage = ({ data }) => host(data);
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

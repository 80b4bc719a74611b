// The scenarios of this browser, in IndexedDB: what a person writes is kept by itself, each scenario under an id of its own. The page tells every change of the program; the
// shelf waits until typing rests, and finds by itself which scenario it is: the one that was being edited, or the one with the same text, or a new one.

const REST_MS = 400;
const STORE = "scenarios";

let opening;
function database() {
  opening ??= new Promise((done, fail) => {
    // Where storing is forbidden (an opaque origin, some private windows), asking may throw.
    const request = indexedDB.open("heddle", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
    request.onblocked = () => fail(new Error("blocked"));
  });
  return opening;
}

/// Runs `work` on the store; gives what its request gives, once everything is on disk.
async function transact(mode, work) {
  const transaction = (await database()).transaction(STORE, mode);
  return new Promise((done, fail) => {
    let result;
    work(transaction.objectStore(STORE), (value) => (result = value));
    transaction.oncomplete = () => done(result);
    transaction.onabort = transaction.onerror = () => fail(transaction.error);
  });
}

let id = null;
let opened = -1;
let waiting = null;
let timer;
let chain = Promise.resolve();
let tellTrouble = () => {};

/// What to do when nothing can be stored; called once.
export function onTrouble(tell) {
  tellTrouble = (error) => {
    tellTrouble = () => {};
    tell(String(error?.message ?? error));
  };
}

/// The editor holds this now: JSON of `{title, source, files}`. `number` grows when another program takes the editor's place; what is not the person's `own` (the gallery's programs as
/// they are) is not stored.
export function keep(number, json, own) {
  const isNew = number !== opened;
  if (isNew) {
    flush();
    opened = number;
    chain = chain.then(() => {
      id = null;
    });
  }
  clearTimeout(timer);
  waiting = own ? json : null;
  if (!own) return;
  // What was opened is looked for at once, before an edit makes it another text.
  if (isNew) flush();
  else timer = setTimeout(flush, REST_MS);
}

/// Stores at once what waits to be stored.
export function flush() {
  clearTimeout(timer);
  if (waiting === null) return;
  const scenario = JSON.parse(waiting);
  waiting = null;
  chain = chain.then(() => put(scenario)).catch((error) => tellTrouble(error));
}

async function put(scenario) {
  const files = JSON.stringify(scenario.files);
  id = await transact("readwrite", (store, give) => {
    const write = (known) => {
      const entry = { ...scenario, id: known ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`, changed: Date.now() };
      store.put(entry);
      give(entry.id);
    };
    if (id !== null) return write(id);
    store.getAll().onsuccess = (event) => write(event.target.result.find((known) => known.source === scenario.source && JSON.stringify(known.files) === files)?.id);
  });
}

/// All of them as JSON, the latest first.
export async function list() {
  flush();
  await chain;
  const all = await transact("readonly", (store, give) => {
    store.getAll().onsuccess = (event) => give(event.target.result);
  });
  return JSON.stringify(all.sort((a, b) => b.changed - a.changed));
}

/// Takes one away.
export async function drop(gone) {
  await transact("readwrite", (store) => store.delete(gone));
  // What is edited further is a new one.
  if (id === gone) id = null;
}

/// Gives one another text, with its new title in it.
export async function rename(which, title, source) {
  await transact("readwrite", (store) => {
    store.get(which).onsuccess = (event) => event.target.result && store.put({ ...event.target.result, title, source, changed: Date.now() });
  });
}

export const isCurrent = (which) => which === id;

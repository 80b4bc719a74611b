// The door between the Rust page and what is not Rust: the editor's bundle, which is loaded on first use, the worker, and the page around an embedded lab.
let bundle;

function editor() {
  bundle ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = new URL("editor.js", document.baseURI).href;
    script.onload = () => done(globalThis.heddleEditor);
    script.onerror = () => {
      bundle = undefined;
      fail(new Error("its script cannot be loaded"));
    };
    document.head.append(script);
  });
  return bundle;
}

export async function mount(parent, doc, onChange) {
  return (await editor()).create(parent, doc, onChange);
}

/// What `static/embed-boot.js` made; undefined in the lab itself.
const embed = () => globalThis.heddleEmbed;

export const isEmbedded = () => embed() !== undefined;

export function startWorker(name) {
  return embed()?.worker(name) ?? new Worker(new URL("worker.js", document.baseURI), { name });
}

export async function claimEngine() {
  await embed()?.claim();
}

export function releaseEngine() {
  embed()?.release();
}

export function busyEngine(busy) {
  embed()?.busy(busy);
}

export function onYield(yields) {
  embed()?.onYield(yields);
}

export function tellHost(json) {
  embed()?.tell(JSON.parse(json));
}

export function hearHost(hear) {
  embed()?.hear((message) => hear(JSON.stringify(message)));
}

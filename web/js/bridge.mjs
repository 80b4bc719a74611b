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

export async function mount(parent, doc, onChange, onLine) {
  return (await editor()).create(parent, doc, onChange, onLine);
}

/// What `static/embed-boot.js` made; undefined in the lab itself.
const embed = () => globalThis.heddleEmbed;

/// From now on the page works without a network: a service worker keeps its files, once the page has them and is at rest. Not where there can be none: in frames of an opaque
/// origin, from files, over plain HTTP.
export function keepOffline() {
  if (!globalThis.isSecureContext || !navigator.serviceWorker) return;
  const rest = () => setTimeout(() => navigator.serviceWorker.register(new URL("service.js", document.baseURI)).catch(() => {}), 3000);
  if (document.readyState === "complete") rest();
  else addEventListener("load", rest, { once: true });
}

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

// The page's policy (Content-Security-Policy, see finish.mjs) allows no inline styles, so that nothing that gets into the page as text can change how it looks. What the program
// itself sets goes through the CSS object model, which is allowed: here the attribute `style`, as Yew writes it.
const { setAttribute } = Element.prototype;

Element.prototype.setAttribute = function (name, value) {
  if (name === "style" && this.style) this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

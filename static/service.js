// Keeps the page for when there is no network. A cache for each version of the page holds all its files, so no visit ever sees files of two versions; a new version is fetched
// as a whole beside the old one, and takes its place when no tab shows the old one any more, or when the only one is loaded again. `web/js/finish.mjs` writes version and files.
const VERSION = "VERSION";
const FILES = ["FILES"];

const PREFIX = `heddle ${self.registration.scope} `;
const NAME = PREFIX + VERSION;

self.addEventListener("install", (event) => {
  // Past the browser's own cache: it may still hold what an old version had under the same name.
  const fresh = FILES.map((name) => new Request(new URL(name, self.registration.scope), { cache: "no-cache" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
  };
  event.waitUntil(forget());
});

self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());

/// The name of a file of the page, without what follows it in the address.
function fileOf(request) {
  const { origin, pathname } = new URL(request.url);
  const scope = new URL(self.registration.scope);
  if (request.method !== "GET" || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return undefined;
  const name = decodeURIComponent(pathname.slice(scope.pathname.length)) || "index.html";
  return FILES.includes(name) ? name : undefined;
}

async function answer(request, name) {
  // A new version waits, and this is the only tab: it takes over, and the tab is loaded again.
  const { waiting } = self.registration;
  if (request.mode === "navigate" && waiting && (await self.clients.matchAll()).length < 2) {
    waiting.postMessage("take over");
    return new Response("", { headers: { Refresh: "0" } });
  }
  const kept = await caches.match(new URL(name, self.registration.scope), { cacheName: NAME });
  return kept ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const name = fileOf(event.request);
  if (name !== undefined) event.respondWith(answer(event.request, name));
});

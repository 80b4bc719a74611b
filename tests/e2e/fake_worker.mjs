// Stand-ins for the engine's worker, for what the real engine never does: panic, or not answer. They speak the messages of
// crates/protocol (postcard: the variant's number, then its fields; numbers as LEB128).

const text = (words) => {
  const bytes = [...new TextEncoder().encode(words)];
  return [bytes.length, ...bytes];
};
const READY = [0, 1];
const STARTED = [1, 1];
const failed = (words) => [6, ...text(words)];

/// Puts a script in the place of the worker's. `answers` are sent when the page asks for the first run; later workers are the
/// page's own.
async function replace(page, body) {
  let first = true;
  await page.route("**/worker.js", (route) => {
    if (!first) return route.continue();
    first = false;
    return route.fulfill({ contentType: "text/javascript", body });
  });
}

const send = (bytes) => `postMessage(Uint8Array.from(${JSON.stringify(bytes)}).buffer);`;

/// A worker whose engine fails in the middle of its first run.
export const panicking = (page, words) =>
  replace(page, `${send(READY)} onmessage = () => { ${send(STARTED)} ${send(failed(words))} throw new Error("unreachable"); };`);

/// A worker that begins and then hears nothing any more.
export const deaf = (page) => replace(page, `${send(READY)} onmessage = () => { ${send(STARTED)} for (;;); };`);

// Starts an embedded lab. A classic script, like all that `embed.html` loads: in a frame with `sandbox="allow-scripts"` the origin is opaque, and then modules,
// `fetch` and fonts need CORS headers, which most hosts of static pages do not send; classic scripts, styles and workers from Blob URLs need none.
//
// - Files (the programs, Python's library) come from the page around, if it shares them out, or by `fetch`, or else from a script beside the file that holds
//   it as base64 (`NAME.js`, made by `web/js/embed.mjs`).
// - Engines: the page around says who may have one (`embed.js` does); without such a page sister frames of one origin agree among themselves.
// - Messages from the page around are heard from its window and, as far as it is known, its origin only.
(() => {
  const { src, dataset } = document.currentScript;
  const base = new URL(".", src).href;
  const isOpaque = self.origin === "null";
  const settings = new URLSearchParams(location.hash.slice(1));
  const theme = settings.get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

  // The page around.
  const framed = parent !== self;
  const referrer = () => (document.referrer ? new URL(document.referrer).origin : "null");
  const host = settings.get("host") ?? location.ancestorOrigins?.[0] ?? referrer();
  const target = host === "null" ? "*" : host;
  /// What is settled between the two scripts, by type; everything else is for the program.
  const between = { file: [], granted: [], yield: [] };
  const commands = [];
  const tell = (message) => framed && parent.postMessage({ heddle: 1, ...message }, target);
  addEventListener("message", ({ source, origin, data }) => {
    if (!framed || source !== parent || (target !== "*" && origin !== target) || typeof data?.heddle !== "number") return;
    for (const listener of between[data.type] ?? commands) listener(data);
  });

  // Files.
  const arbiter = framed && settings.has("arbiter") && settings.get("arbiter") !== "false";
  const given = new Map();
  self.heddleGive = (name, text) => {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
    given.set(name, bytes.buffer);
  };
  const fromScript = (name) =>
    new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = `${base}${name}.js`;
      script.onload = () => {
        script.remove();
        const bytes = given.get(name);
        given.delete(name);
        if (bytes) done(bytes);
        else fail(new Error("its script is damaged"));
      };
      script.onerror = () => fail(new Error("neither it nor its script can be fetched"));
      document.head.append(script);
    });
  async function load(name) {
    try {
      const response = await fetch(base + name);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      return await response.arrayBuffer();
    } catch (error) {
      if (!isOpaque) throw error;
      return fromScript(name);
    }
  }
  /// Asks the page around; gives undefined where this lab is to load it, and is waited for by others.
  const shared = (name) =>
    new Promise((done) => {
      between.file.push((message) => message.name === name && done(message.bytes));
      tell({ type: "want", name });
    });
  async function obtain(name) {
    const had = arbiter && (await shared(name));
    if (had) return had;
    try {
      const bytes = await load(name);
      if (arbiter) tell({ type: "give", name, bytes });
      return bytes;
    } catch (error) {
      if (arbiter) tell({ type: "give", name });
      throw error;
    }
  }
  const files = new Map();
  const file = (name) => {
    if (!files.has(name)) {
      files.set(name, obtain(name));
      files.get(name).catch(() => files.delete(name));
    }
    return files.get(name);
  };

  // Workers.
  let engine;
  let script;
  const script_url = () => {
    const url = `${base}worker.js`;
    if (!isOpaque) return url;
    const text = `self.heddleBase=${JSON.stringify(base)};importScripts(${JSON.stringify(url)});`;
    script ??= URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    return script;
  };
  function worker(name) {
    const made = new Worker(script_url(), { name: name || "heddle-embedded" });
    if (name) return made;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = async ({ data: { wants, module, failed } }) => {
      if (module) engine = module;
      // The browser does not tell what a script of another origin throws.
      else if (failed) made.dispatchEvent(new ErrorEvent("error", { message: failed, cancelable: true }));
      else
        await file(wants).then(
          (bytes) => port1.postMessage({ name: wants, bytes }),
          (error) => port1.postMessage({ name: wants, error: error.message }),
        );
    };
    made.postMessage({ port: port2, module: engine }, [port2]);
    return made;
  }

  // Engines.
  const MOST = 2;
  /// How long to wait while all have work, where the reader asked for the run, and else; and how often to look, ms.
  const PATIENCE = [3000, 30000];
  const PAUSE = 50;
  let yields = () => {};
  let claimed = () => {};
  const own = { live: false, busy: false, since: 0, give_up };
  function give_up() {
    own.live = false;
    yields();
  }
  /// Those of other frames of this page that hold an engine and can be reached.
  const sisters = () => {
    const all = [];
    for (let at = 0; at < parent.length; at++) {
      try {
        const lab = parent[at].heddleEmbed?.own;
        if (lab?.live && lab !== own) all.push(lab);
      } catch {
        // A frame of another origin.
      }
    }
    return all.sort((a, b) => a.busy - b.busy || a.since - b.since);
  };
  async function claim() {
    const urgent = navigator.userActivation?.isActive ?? true;
    if (arbiter) {
      await new Promise((done) => {
        claimed = done;
        tell({ type: "claim", urgent });
      });
    } else if (framed) {
      const until = performance.now() + PATIENCE[urgent ? 0 : 1];
      for (let others = sisters(); others.length >= MOST; others = sisters()) {
        if (!others[0].busy || performance.now() > until) others[0].give_up();
        else await new Promise((done) => setTimeout(done, PAUSE));
      }
    }
    own.live = true;
    own.since = performance.timeOrigin + performance.now();
  }
  between.granted.push(() => claimed());
  between.yield.push(() => {
    give_up();
    tell({ type: "yielded" });
  });

  self.heddleEmbed = {
    tell,
    hear: (listener) => commands.push(listener),
    worker,
    claim,
    own,
    /// What was claimed is not needed after all.
    release: () => {
      own.live = false;
      tell({ type: "released" });
    },
    busy: (busy) => {
      own.busy = busy;
    },
    onYield: (listener) => {
      yields = listener;
    },
  };

  const failed = (error) => {
    const words = document.createElement("p");
    words.className = "embed-failed";
    words.setAttribute("role", "alert");
    words.textContent = `Heddle could not be loaded: ${error.message}.`;
    document.body.append(words);
  };
  addEventListener("DOMContentLoaded", async () => {
    try {
      await self.heddlePage.default({ module_or_path: await file(dataset.program) });
    } catch (error) {
      failed(error);
    }
  });
  // While the scripts are still on their way.
  file(dataset.program).catch(() => {});
})();

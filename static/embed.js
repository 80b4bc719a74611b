// Heddle inside other pages: `<heddle-lab>`, and code blocks marked with `data-heddle` or the class `heddle`. How to use it: web/embed/README.md.
//
// Each lab is a frame with `embed.html`, made when the reader comes near (or at once, or at a click). This script shares out between the frames
// of a page what they fetch, which each needs whole and only one has to load, and their engines, of which there are two at most.
(() => {
  const base = new URL(".", document.currentScript.src);
  const MOST = 2;
  /// How long a lab waits for an engine while all have work, before the one that has had its longest is stopped, ms: where the reader asked for the run, and else.
  const PATIENCE = [3000, 30000];
  const NEAR = "300px";
  /// Attributes that are for this script or for every element; all others go to the frame.
  const OURS = /^(src|setup|height|load|theme|sandbox|class|id|style|slot|hidden|lang|dir|role|tabindex|part|is|data-.*|aria-.*|on.*)$/;
  const labs = new Set();

  // Files: who wants one gets it, or is told to load it for all.
  const shelf = new Map();
  function want(lab, name) {
    if (!shelf.has(name)) shelf.set(name, { waiting: [] });
    const file = shelf.get(name);
    if (file.bytes) lab.send({ type: "file", name, bytes: file.bytes });
    else if (file.loader) file.waiting.push(lab);
    else {
      file.loader = lab;
      lab.send({ type: "file", name });
    }
  }
  function give(lab, name, bytes) {
    const file = shelf.get(name);
    if (file?.loader !== lab) return;
    file.bytes = bytes;
    file.loader = undefined;
    for (const other of file.waiting.splice(0)) want(other, name);
  }

  // Engines: who has no work for one gives it up, who has had one for longest first.
  let holders = [];
  let claims = [];
  let asked;
  let impatience;
  function arrange(force) {
    while (claims.length && holders.length < MOST) {
      const lab = claims.shift();
      holders.push(lab);
      lab.busy = true;
      lab.send({ type: "granted" });
    }
    if (!claims.length || asked) return;
    asked = holders.find((lab) => !lab.busy) ?? (force ? holders[0] : undefined);
    asked?.send({ type: "yield" });
    clearTimeout(impatience);
    if (!asked) impatience = setTimeout(arrange, PATIENCE[claims.some((lab) => lab.urgent) ? 0 : 1], true);
  }
  function leave(lab) {
    holders = holders.filter((other) => other !== lab);
    claims = claims.filter((other) => other !== lab);
    if (asked === lab) asked = undefined;
    arrange();
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (typeof data?.heddle !== "number") return;
    for (const lab of labs) {
      if (lab.frame.contentWindow === source && (origin === base.origin || (origin === "null" && lab.opaque))) lab.heard(data);
    }
  });

  // Light or dark, by the colour of the text around.
  const system = matchMedia("(prefers-color-scheme: dark)");
  function themeAround(element) {
    const rgb = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)/.exec(getComputedStyle(element).color);
    const dark = rgb ? 0.3 * rgb[1] + 0.6 * rgb[2] + 0.1 * rgb[3] > 140 : system.matches;
    return dark ? "dark" : "light";
  }
  const all = () => document.querySelectorAll("heddle-lab").forEach((lab) => lab.dress());
  // Colours may take a while to change.
  const later = () => [0, 100, 600].forEach((ms) => setTimeout(all, ms));
  system.addEventListener("change", later);
  const observe = (element) => element && new MutationObserver(later).observe(element, { attributes: true });

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{display:block;position:relative;margin:1em 0}:host([hidden]){display:none}iframe{display:block;width:100%;border:0;border-radius:8px}iframe.wait{position:absolute;visibility:hidden;height:0}
figure{margin:0;border:1px solid #c9c9c2;border-radius:8px;overflow:hidden;background:#fff;color:#1b1c20;font:13px/20px system-ui,sans-serif}figure.dark{background:#191a1f;color:#ececee;border-color:#41444d}
header{display:flex;align-items:center;justify-content:space-between;gap:8px;height:40px;padding:0 8px 0 12px;font-weight:600;background:rgba(128,128,118,.09);border-bottom:1px solid rgba(128,128,118,.22)}
button{font:inherit;color:#fff;background:#4a40c4;border:0;border-radius:6px;padding:2px 12px;cursor:pointer}.dark button{background:#a7a0ff;color:#14122b}button:focus-visible{outline:2px solid currentColor;outline-offset:2px}
pre{margin:0;padding:8px 16px;overflow:auto;max-height:420px;font:13px/20px ui-monospace,Menlo,Consolas,monospace;white-space:pre;tab-size:4}`);

  /// Without the indentation that all lines share, and the empty lines around.
  function dedent(text) {
    const lines = text.replace(/^\s*\n/, "").trimEnd().split("\n");
    const depth = Math.min(...lines.filter((line) => line.trim()).map((line) => /^\s*/.exec(line)[0].length));
    return lines.map((line) => line.slice(depth)).join("\n") + "\n";
  }
  const textOf = (element) => dedent((element.content ?? element).textContent);
  async function fetched(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
    return response.text();
  }

  class HeddleLab extends HTMLElement {
    static observedAttributes = ["theme", "python", "cores", "seed"];
    queue = [];
    connectedCallback() {
      // What stands in it may not have been read yet.
      if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => this.begin());
      else this.begin();
    }
    disconnectedCallback() {
      near.unobserve(this);
      if (!this.frame) return;
      labs.delete(this);
      leave(this);
      for (const name of shelf.keys()) give(this, name);
      this.frame.remove();
      this.frame = this.ready = this.busy = undefined;
    }
    attributeChangedCallback(name, before, value) {
      if (name === "theme") this.dress();
      else if (this.frame && value !== null) this.setMachine({ [name]: value });
    }
    async begin() {
      if (!this.isConnected || this.frame) return;
      if (this.figure) return this.wait();
      const own = this.attachShadow({ mode: "open" });
      own.adoptedStyleSheets = [sheet];
      own.innerHTML = "<figure><header><span></span><button>Run</button></header><pre hidden tabindex=0></pre></figure>";
      this.figure = own.firstChild;
      const [head, code] = this.figure.children;
      head.firstChild.textContent = this.getAttribute("title") ?? "Python program";
      head.lastChild.onclick = () => this.run();
      this.dress();
      try {
        await this.read();
      } catch (error) {
        head.firstChild.textContent = error.message;
        return head.lastChild.remove();
      }
      const [from, to] = (this.getAttribute("lines") ?? "").split("-");
      const lines = (this.code ?? "").split("\n").slice(from ? from - 1 : 0, to || undefined);
      code.textContent = lines.join("\n").replace(/^\s*# \/\/\/ lab[^]*?\n# \/\/\/\n\s*/, "");
      code.hidden = !this.code || /^(timeline|output)$/.test(this.getAttribute("view"));
      this.wait();
    }
    /// Shows what will be there, until it is time to load it.
    wait() {
      this.shadowRoot.prepend(this.figure);
      const load = this.getAttribute("load");
      if (load === "eager" || this.queue.length) this.load();
      else if (load !== "click") near.observe(this);
    }
    /// The program and its set-up code.
    async read() {
      const hidden = this.querySelector("[slot=setup]");
      const src = this.getAttribute("src");
      const setup = this.getAttribute("setup");
      if (hidden) this.setup = textOf(hidden);
      else if (setup?.startsWith("#")) this.setup = textOf(document.querySelector(setup));
      else if (setup) this.setup = await fetched(setup);
      if (/(^|#)h\d+\./.test(src)) this.link = src.split("#").pop();
      else if (src) this.code = await fetched(src);
      else {
        const block = this.querySelector("script:not([slot]),template:not([slot]),pre:not([slot])");
        const text = (block && (block.querySelector("code") ?? block)) ?? this.cloneNode(true);
        text.querySelector?.("[slot=setup]")?.remove();
        this.code = textOf(text);
      }
    }
    get theme() {
      const theme = this.getAttribute("theme") ?? "auto";
      return theme === "auto" ? themeAround(this) : theme;
    }
    dress() {
      const theme = this.theme;
      this.figure?.classList.toggle("dark", theme === "dark");
      if (this.ready && theme !== this.dressed) this.send({ type: "setTheme", theme });
      this.dressed = theme;
    }
    load() {
      if (this.frame || !this.isConnected) return;
      near.unobserve(this);
      const parts = this.link ? [this.link] : [];
      const add = (name, value) => parts.push(`${name}=${encodeURIComponent(value)}`);
      if (this.code) add("code", this.code);
      if (this.setup) add("setup", this.setup);
      for (const { name, value } of this.attributes) if (!OURS.test(name)) add(name, value);
      add("theme", this.theme);
      add("host", origin);
      const height = this.getAttribute("height");
      const fit = !height || height === "auto";
      if (fit) parts.push("fit");
      parts.push("arbiter");
      const sandbox = this.getAttribute("sandbox");
      this.opaque = origin === "null" || (sandbox !== null && !/allow-same-origin/.test(sandbox));
      const frame = document.createElement("iframe");
      frame.title = `Heddle: ${this.getAttribute("title") ?? "a Python program"}`;
      frame.className = "wait";
      if (sandbox !== null) frame.setAttribute("sandbox", sandbox);
      if (!fit) frame.style.height = /^\d+$/.test(height) ? `${height}px` : height;
      frame.src = `${base}embed.html#${parts.join("&")}`;
      this.frame = frame;
      labs.add(this);
      this.shadowRoot.append(frame);
    }
    /// To the frame.
    send(message) {
      this.frame?.contentWindow?.postMessage({ heddle: 1, ...message }, this.opaque ? "*" : base.origin);
    }
    /// From the frame.
    heard({ heddle, type, ...detail }) {
      const answer = { want: () => want(this, detail.name), give: () => give(this, detail.name, detail.bytes), yielded: () => asked === this && leave(this), released: () => leave(this) }[type];
      if (answer) return answer();
      if (type === "claim") {
        leave(this);
        this.urgent = detail.urgent;
        claims.push(this);
        claims.sort((a, b) => b.urgent - a.urgent);
        return arrange();
      }
      if (type === "resize" && this.frame.style.height !== `${detail.height}px`) this.frame.style.height = `${detail.height}px`;
      if (type === "started" || type === "finished") {
        this.busy = type === "started";
        arrange();
      }
      if (type === "ready") {
        this.ready = true;
        this.frame.style.height ||= `${this.figure.offsetHeight}px`;
        this.figure.remove();
        this.frame.className = "";
        this.dress();
        for (const command of this.queue.splice(0)) this.send(command);
      }
      this.dispatchEvent(new CustomEvent(`heddle-${type}`, { bubbles: true, detail }));
    }
    command(command) {
      if (this.ready) return this.send(command);
      this.queue.push(command);
      if (this.figure) this.load();
    }
    run() {
      this.command({ type: "run" });
    }
    stop() {
      this.command({ type: "stop" });
    }
    setCode(code) {
      this.command({ type: "setCode", code });
    }
    setMachine(machine) {
      this.command({ type: "setMachine", machine });
    }
    seek(at) {
      this.command({ type: "seek", at });
    }
  }

  const near = new IntersectionObserver(
    (entries) => entries.forEach(({ isIntersecting, target }) => isIntersecting && target.load()),
    { rootMargin: NEAR },
  );

  /// Puts a lab around each code block that asks for one. What `data-` attributes, and words like `cores=4` among the classes, say is for the lab.
  function adopt() {
    for (const mark of document.querySelectorAll("[data-heddle],pre.heddle,code.heddle,div.heddle")) {
      const block = mark.closest("pre") ?? (mark.querySelector("pre") ? mark : undefined);
      if (!block || block.closest("heddle-lab")) continue;
      const lab = document.createElement("heddle-lab");
      // Pandoc writes them around the block.
      for (const element of [block.closest(".sourceCode:not(pre)"), mark]) {
        for (const { name, value } of element?.attributes ?? []) if (/^data-(?!heddle$)/.test(name)) lab.setAttribute(name.slice(5), value);
      }
      for (const word of mark.classList) if (/^[a-z-]+=/.test(word)) lab.setAttribute(...word.split("="));
      block.replaceWith(lab);
      lab.append(block);
    }
    customElements.define("heddle-lab", HeddleLab);
    observe(document.documentElement);
    observe(document.body);
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", adopt);
  else adopt();
})();

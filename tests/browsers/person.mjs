// What a person does with the page, in any browser that a driver opens (firefox.mjs, webkit.mjs): things are found by role and name.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
/// The text of a program of the gallery.
export const gallery = (name) => readFile(join(root, "web/gallery", `${name}.py`), "utf8");

/// The longest of the programs takes a minute on a quiet machine.
const PATIENCE_MS = 240_000;

/// In the page: the visible element with this role and a name that holds the words (whole ones: a line of the output is a button too, and may tell of a
/// RuntimeError), as [x, y] of its middle; or null.
function find(role, words, exact) {
  const selectors = {
    button: "button", tab: "[role=tab]", textbox: ".cm-content, textarea, input:not([type]), input[type=text]", application: "[role=application]",
  };
  const name = (one) => (one.getAttribute("aria-label") ?? one.innerText).replace(/\s+/g, " ").trim();
  const all = [...document.querySelectorAll(selectors[role])].filter((one) => one.getClientRects().length > 0);
  // What lies above the page comes last in it.
  const found = all.reverse().find((one) => (exact ? name(one) === words : ` ${name(one)} `.includes(` ${words} `)));
  if (!found) return null;
  if (role === "button") found.scrollIntoView({ block: "nearest" });
  const box = found.getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
}

export class Person {
  constructor(window, address) {
    this.window = window;
    this.address = address;
  }
  async open(fragment = "") {
    await this.window.go(this.address + fragment);
    await this.box("textbox", "Editor");
  }
  /// The page with this program in the editor, as if it had been left there; nothing has run.
  async with_program(text) {
    await this.open();
    await this.window.evaluate((text) => localStorage.setItem("heddle.program", text), text);
    await this.window.reload();
    await this.box("textbox", "Editor");
  }
  /// Waits until `work(…values)` in the page gives something, and gives that.
  async until(work, ...values) {
    for (const began = Date.now(); ; ) {
      const got = await this.window.evaluate(work, ...values);
      if (got) return got;
      if (Date.now() - began > PATIENCE_MS) throw new Error(`waited in vain for ${work}, ${JSON.stringify(values)}\n${await this.text()}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  /// Where it is: [left, top, width, height].
  box(role, words, exact = true) {
    return this.until(find, role, words, exact);
  }
  async click(role, words, exact = true) {
    const [x, y, width, height] = await this.box(role, words, exact);
    await this.window.click(x + width / 2, y + height / 2);
  }
  /// Runs the program and gives the status when it is over.
  async run() {
    // The words of the run before may stand there still: what counts is what comes after they have gone, however shortly.
    await this.window.evaluate(() => {
      const words = () => document.querySelector(".came")?.innerText ?? "";
      const before = words();
      window.heddleBegan = false;
      window.heddleWatch?.disconnect();
      window.heddleWatch = new MutationObserver(() => (window.heddleBegan ||= words() !== before));
      window.heddleWatch.observe(document.body, { childList: true, characterData: true, subtree: true });
    });
    await this.click("button", "Run", false);
    await this.until(() => window.heddleBegan);
    return this.finished();
  }
  finished() {
    return this.until(() => /^(ran|stopped at|not run|syntax|the engine)/.test(document.querySelector(".came")?.innerText ?? "") && document.querySelector(".came").innerText);
  }
  output() {
    return this.window.evaluate(() => [...document.querySelectorAll(".written .tx")].map((line) => line.innerText).join("\n"));
  }
  hash() {
    return this.window.evaluate(() => document.querySelector("[data-hash]")?.dataset.hash);
  }
  labels() {
    return this.window.evaluate(() => document.querySelector(".lab .rows").innerText.replace(/\s+/g, " "));
  }
  text() {
    return this.window.evaluate(() => document.body.innerText.slice(0, 2_000));
  }
  /// How many colours the timeline's canvas has.
  colours() {
    return this.window.evaluate(() => {
      const canvas = document.querySelector(".can canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      return seen.size;
    });
  }
}

// What a test does with the page, in a person's words: everything is reached by role and accessible name.
import assert from "node:assert/strict";

/// A page of Heddle in a browser profile of its own.
export class Lab {
  constructor(page, address) {
    this.page = page;
    this.address = address;
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
  }
  async open(fragment = "") {
    await this.page.goto(this.address + fragment);
    await this.editor.waitFor();
  }
  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }
  get editor() {
    return this.page.getByRole("textbox", { name: "Editor" });
  }
  get timeline() {
    return this.page.getByRole("application", { name: "Timeline" });
  }
  get output() {
    return this.page.getByRole("log", { name: "Output" });
  }
  tab(name) {
    return this.page.getByRole("tab", { name, exact: true });
  }
  /// The program as a person would read it, the folded settings included.
  async program() {
    return this.page.evaluate(() => localStorage.getItem("heddle.program"));
  }
  /// Replaces the whole program by typing.
  async type(text) {
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.press("Delete");
    // As a paste: the editor would indent typed lines by itself.
    await this.page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
    await this.page.waitForFunction((text) => localStorage.getItem("heddle.program") === text, text);
  }
  async run() {
    await this.button("Run").click();
  }
  /// Where a thing stands once it stands still: a page that has just changed its size, or has just got a run, moves for some frames.
  async box(thing) {
    await thing.waitFor();
    const until = Date.now() + 15_000;
    for (let before = null; Date.now() < until; ) {
      const now = await thing.boundingBox();
      if (now && before && ["x", "y", "width", "height"].every((side) => now[side] === before[side])) return now;
      before = now;
      await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }
    throw new Error(`${thing} does not stand still`);
  }
  /// Waits until the run is over and gives the words of the machine bar.
  async finished() {
    const status = this.page.getByRole("group", { name: "Machine" }).getByText(/^(ran|stopped at)/);
    await status.waitFor({ timeout: 60_000 });
    return status.innerText();
  }
  async hash() {
    return this.page.getByLabel("Trace hash").getAttribute("data-hash");
  }
  async open_item(name) {
    await this.button("Gallery").click();
    const drawer = this.page.getByRole("dialog", { name: "Gallery" });
    // What was opened lately stands there twice.
    await drawer.getByRole("button", { name }).first().click();
    await drawer.waitFor({ state: "detached" });
  }
  assert_no_errors() {
    assert.deepEqual(this.errors, []);
  }
}

/// A fresh page in which this program has run to its end.
export const ran = async (fresh, text, options) => {
  const lab = await fresh(options);
  await lab.open();
  await lab.type(text);
  await lab.run();
  await lab.finished();
  return lab;
};
/// The moment t, ns.
export const moment = async (lab) => Number(await lab.page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuenow"));

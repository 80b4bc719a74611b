// Editor, machine settings, storage, gallery, links: what works without running anything.
import assert from "node:assert/strict";
import { join } from "node:path";
import zlib from "node:zlib";

const PROGRAM = '# /// lab\n# title = "Mine"\n# cores = 3\n# seed = 42\n# ///\nprint("héllo")\n';

export default {
  "edits survive a reload": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(PROGRAM);
    await lab.page.reload();
    await lab.editor.getByText("héllo").waitFor();
    assert.equal(await lab.program(), PROGRAM);
    assert.equal(await lab.page.getByRole("textbox", { name: "Scenario title" }).inputValue(), "Mine");
  },
  "the editor highlights Python and folds the lab settings": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    const colour = (word) => lab.editor.getByText(word, { exact: true }).first().evaluate((e) => getComputedStyle(e).color);
    assert.notEqual(await colour("import"), await colour("1_000_000"));
    await lab.button("lab settings, 6 lines").click();
    await lab.editor.getByText('# title = "Two threads count down"').waitFor();
  },
  "the machine bar reads the program's settings and writes them": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(PROGRAM);
    const cores = lab.page.getByRole("slider", { name: "Cores" });
    assert.equal(await cores.getAttribute("aria-valuenow"), "3");
    await cores.focus();
    await lab.page.keyboard.press("ArrowRight");
    await lab.page.waitForFunction(() => localStorage.getItem("heddle.program").includes("# cores = 4"));
    await lab.page.getByRole("combobox", { name: "Switch interval" }).selectOption({ label: "1 ms" });
    await lab.page.getByRole("combobox", { name: "Scheduler" }).selectOption({ label: "Random" });
    await lab.page.getByRole("textbox", { name: "Seed" }).fill("7");
    await lab.page.keyboard.press("Enter");
    const title = lab.page.getByRole("textbox", { name: "Scenario title" });
    await title.fill("Ours");
    await lab.page.keyboard.press("Enter");
    await lab.page.waitForFunction(() => localStorage.getItem("heddle.program").includes('"Ours"'));
    const program = await lab.program();
    for (const line of ['# title = "Ours"', "# cores = 4", "# seed = 7", '# switch-interval = "1ms"', '# policy = "random"']) {
      assert.ok(program.includes(`${line}\n`), `${line} in\n${program}`);
    }
    assert.ok(program.endsWith('# ///\nprint("héllo")\n'), program);
  },
  "versions of Python are buttons and a menu, and the bar says whose GIL it is": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(PROGRAM);
    const bar = lab.page.getByRole("group", { name: "Machine" });
    const python = bar.getByRole("group", { name: "Python" });
    const menu = bar.getByRole("combobox", { name: "Other versions of Python" });
    await python.getByRole("button", { name: "2.7", exact: true }).click();
    await bar.getByText("one GIL, let go every 100 ticks").waitFor();
    assert.ok((await lab.program()).includes('# python = "2.7"\n'));
    await menu.selectOption("3.14t");
    await bar.getByText("no GIL, a thread per core").waitFor();
    assert.equal(await python.locator('[aria-pressed="true"]').count(), 0);
    assert.ok((await lab.program()).includes('# python = "3.14t"\n'));
    await python.getByRole("button", { name: "3.9", exact: true }).click();
    await bar.getByText("one GIL, may switch at most instructions").waitFor();
    assert.equal(await menu.inputValue(), "");
  },
  "cores go from 1 to 64": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    const cores = lab.page.getByRole("slider", { name: "Cores" });
    await cores.focus();
    await lab.page.keyboard.press("End");
    await lab.page.waitForFunction(() => localStorage.getItem("heddle.program").includes("# cores = 64"));
    await lab.page.keyboard.press("ArrowRight");
    assert.equal(await cores.getAttribute("aria-valuenow"), "64");
    await lab.page.keyboard.press("Home");
    await lab.page.keyboard.press("ArrowLeft");
    assert.equal(await cores.getAttribute("aria-valuenow"), "1");
  },
  "a settings block that cannot be read is shown at its place": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("# /// lab\n# cores = 900\n# ///\nprint(1)\n");
    await lab.page.getByRole("alert").getByText(/cores must be 1 to 64/).waitFor();
    await lab.run();
    await lab.page.getByRole("alert").getByText(/lab settings cannot be read/).waitFor();
  },
  "the gallery has at least twelve programs and each opens": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.button("Gallery").click();
    const drawer = lab.page.getByRole("dialog", { name: "Gallery" });
    const items = drawer.locator(".gi");
    const names = await items.evaluateAll((all) => all.map((item) => item.dataset.title));
    assert.ok(names.length >= 12, `${names.length} programs`);
    await lab.page.screenshot({ path: join(shots, "gallery.png") });
    await lab.page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    assert.equal(await lab.button("Gallery").evaluate((e) => e === document.activeElement), true, "focus goes back");
    const seen = new Set();
    for (const name of names) {
      await lab.open_item(new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
      const title = await lab.page.getByRole("textbox", { name: "Scenario title" }).inputValue();
      assert.equal(title, name);
      seen.add(await lab.program());
    }
    assert.equal(seen.size, names.length);
    lab.assert_no_errors();
  },
  "the gallery can be searched and has chapters": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.button("Gallery").click();
    const drawer = lab.page.getByRole("dialog", { name: "Gallery" });
    await drawer.getByRole("textbox", { name: "Search" }).fill("barrier(4)");
    await drawer.getByRole("button", { name: /Four meet at a barrier/ }).waitFor();
    assert.equal(await drawer.locator(".gi").count(), 1);
    await drawer.getByRole("textbox", { name: "Search" }).fill("");
    await drawer.getByRole("button", { name: /^Races/ }).click();
    await drawer.getByRole("button", { name: /A shared counter/ }).waitFor();
    assert.equal(await drawer.getByRole("region", { name: "GIL" }).count(), 0);
  },
  "a file can be opened": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.button("Gallery").click();
    await lab.page.getByLabel("Open a .py file…").setInputFiles({ name: "own.py", mimeType: "text/x-python", buffer: Buffer.from("print('own')\n") });
    await lab.editor.getByText("'own'").waitFor();
    assert.equal(await lab.program(), "print('own')\n");
  },
  "a link opens the same code and settings in a fresh profile": async ({ fresh, shots }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type(PROGRAM);
    const link = await share(lab);
    await lab.page.screenshot({ path: join(shots, "share.png") });
    assert.ok(link.startsWith(`${lab.address}#h2.`), link);
    // The page's own address is the link now, until the program is another.
    await lab.page.waitForFunction(() => location.href === document.querySelector('textarea[aria-label="Link"]').value);
    const address = lab.page.url();
    await lab.page.reload();
    await lab.editor.getByText("héllo").waitFor();
    assert.equal(lab.page.url(), address);
    await lab.type("print('else')\n");
    await lab.page.waitForFunction(() => location.hash === "");
    const other = await fresh();
    await other.page.goto(link);
    await other.editor.getByText("héllo").waitFor();
    assert.equal(await other.program(), PROGRAM);
    assert.equal(await other.page.getByRole("slider", { name: "Cores" }).getAttribute("aria-valuenow"), "3");
    assert.equal(await other.page.getByRole("textbox", { name: "Seed" }).inputValue(), "42");
  },
  "a link keeps the program it takes the place of": async ({ fresh }) => {
    const maker = await fresh();
    await maker.open();
    const link = await share(maker);
    const lab = await fresh();
    await lab.open();
    await lab.type(PROGRAM);
    await lab.page.evaluate((hash) => { location.hash = hash; }, link.split("#")[1]);
    await lab.page.getByText(/Opened from a link/).waitFor();
    await lab.open_item("Your earlier program");
    assert.equal(await lab.program(), PROGRAM);
  },
  "bad links give a sentence and the editor keeps what it had": async ({ fresh }) => {
    const maker = await fresh();
    await maker.open();
    const good = (await share(maker)).split("#")[1];
    const flipped = good.slice(0, 40) + (good[40] === "A" ? "B" : "A") + good.slice(41);
    const cases = [
      [good.slice(0, -20), /incomplete/],
      [flipped, /altered/],
      [good.replace("h2.", "h9."), /newer Heddle/],
      ["nonsense", /not a Heddle link/],
      [BOMB, /more than 4 MiB/],
    ];
    for (const [fragment, sentence] of cases) {
      const lab = await fresh();
      await lab.open();
      await lab.type(PROGRAM);
      await lab.page.evaluate((hash) => { location.hash = hash; }, fragment);
      await lab.page.getByRole("alert").getByText(sentence).waitFor();
      assert.equal(await lab.program(), PROGRAM);
      await lab.page.reload();
      await lab.page.getByRole("alert").getByText(sentence).waitFor();
      await lab.editor.getByText("héllo").waitFor();
      lab.assert_no_errors();
    }
  },
  "light and dark follow the system, and the button changes and remembers": async ({ fresh }) => {
    const lab = await fresh({ colorScheme: "dark" });
    await lab.open();
    const ground = () => lab.page.evaluate(() => getComputedStyle(document.querySelector(".app")).backgroundColor);
    const dark = await ground();
    assert.equal(dark, "rgb(25, 26, 31)");
    await lab.button("Theme").click();
    assert.equal(await ground(), "rgb(255, 255, 255)");
    await lab.page.reload();
    await lab.editor.waitFor();
    assert.equal(await ground(), "rgb(255, 255, 255)");
  },
  "the keys are listed behind the question mark": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.timeline.focus();
    await lab.page.keyboard.press("?");
    await lab.page.getByRole("dialog", { name: "Help" }).getByText("the timeline as a table").waitFor();
    await lab.page.keyboard.press("Escape");
    await lab.page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await lab.timeline.evaluate((e) => e === document.activeElement), true);
    // A question mark in the program is text.
    await lab.type("# what?\n");
    await lab.page.keyboard.type("?");
    assert.equal(await lab.page.getByRole("dialog").count(), 0);
  },
};

/// The link that the Share dialog shows.
async function share(lab) {
  await lab.button("Share").click();
  const dialog = lab.page.getByRole("dialog", { name: "Share" });
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await dialog.getByRole("button", { name: "Copy", exact: true }).waitFor();
  return link;
}

/// A well-formed envelope around a deflate stream of five million zeros.
const BOMB = bomb();

function bomb() {
  const { deflateRawSync, crc32 } = zlib;
  const payload = deflateRawSync(Buffer.alloc(5_000_000));
  const length = [];
  for (let n = payload.length; ; n = Math.floor(n / 128)) {
    length.push(n >= 128 ? (n % 128) | 128 : n);
    if (n < 128) break;
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(checksum(payload, crc32));
  return `h1.${Buffer.concat([Buffer.from(length), sum, payload]).toString("base64url")}`;
}

function checksum(bytes, builtin) {
  if (builtin) return builtin(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

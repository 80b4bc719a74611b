// Scenarios of several files: modules, and scripts of other computers.
import assert from "node:assert/strict";

export default {
  "a scenario of several files: written, run, shared and kept": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type('# /// lab\n# computers = "far script=worker.py"\n# ///\nimport module, time\nprint(module.double(21))\ntime.sleep(0.01)\n');
    const shown = (text) => lab.page.waitForFunction((text) => document.querySelector(".cm-content").innerText.includes(text), text);
    /// Types into the file that is shown.
    const write = async (text, file) => {
      await lab.editor.click();
      await lab.page.keyboard.press("ControlOrMeta+a");
      await lab.page.keyboard.insertText(text);
      await lab.page.waitForFunction(([file, text]) => JSON.parse(localStorage.getItem("heddle.files") || "[]").some((one) => one.name === file && one.text === text), [file, text]);
    };
    await lab.button("Add a file").click();
    await write("def double(n): return 2 * n", "module.py");
    await lab.button("Add a file").click();
    const name = lab.page.getByRole("textbox", { name: "File name" });
    await name.fill("worker.py");
    await name.press("Enter");
    await lab.page.getByRole("tab", { name: "worker.py" }).waitFor();
    await write("import time; print('from afar'); time.sleep(0.02)", "worker.py");
    await lab.run();
    await lab.finished();
    await lab.output.getByText("42").waitFor();
    await lab.output.getByText("from afar").waitFor();
    const hash = await lab.hash();
    // Each file shows its own threads, and undo does not bring another file's text.
    await lab.page.getByRole("tab", { name: "main.py" }).click();
    await shown("module.double(21)");
    await lab.editor.click();
    await lab.page.keyboard.press("ControlOrMeta+z");
    await shown("module.double(21)");
    await lab.button("Share").click();
    assert.match(await lab.page.getByRole("dialog", { name: "Share" }).innerText(), /3 files, machine, seed/);
    const link = await lab.page.getByRole("textbox", { name: "Link" }).inputValue();
    await lab.page.keyboard.press("Escape");
    const other = await fresh();
    await other.open(new URL(link).hash);
    await other.page.getByRole("tab", { name: "worker.py" }).click();
    await other.page.locator(".cm-content").getByText("from afar").waitFor();
    await other.run();
    await other.finished();
    assert.equal(await other.hash(), hash);
    // Kept over a reload; a file that is taken away makes the run stale.
    await lab.page.reload();
    await lab.page.getByRole("tab", { name: "module.py" }).click();
    await lab.run();
    await lab.finished();
    await lab.button("Remove this file").click();
    await lab.page.getByText("from the previous version").waitFor();
    await lab.run();
    await lab.output.getByText(/No module named 'module'/).waitFor();
    lab.assert_no_errors();
    other.assert_no_errors();
  },
};

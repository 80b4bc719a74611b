// When things go wrong: syntax errors, an engine that fails, a worker that does not answer.
import assert from "node:assert/strict";
import { deaf, panicking } from "../fake_worker.mjs";

export default {
  "a syntax error shows in the editor at its place with CPython's message": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    await lab.type("x = 1\nprint(1 2)\n");
    await lab.run();
    await lab.page.getByRole("alert").getByText("SyntaxError: invalid syntax. Perhaps you forgot a comma?").waitFor();
    assert.equal(await lab.editor.locator(".cm-wrong").innerText(), "1 2");
    // It goes away when the line is mended.
    await lab.type("x = 1\n");
    await lab.page.getByRole("alert").waitFor({ state: "detached" });
    lab.assert_no_errors();
  },
  "an engine that fails: the page says so, keeps the code, and runs again": async ({ fresh }) => {
    const lab = await fresh();
    await panicking(lab.page, "panicked at 'a test': it said so");
    await lab.open();
    await lab.type("print('kept'\n");
    await lab.run();
    await lab.page.getByRole("alert").getByText(/Heddle itself failed.*it said so/s).waitFor();
    assert.equal(await lab.program(), "print('kept'\n");
    // The next run is the real engine's.
    await lab.run();
    await lab.page.getByText(/SyntaxError: '\(' was never closed/).waitFor();
  },
  "an engine that cannot be fetched or is damaged is told, and the next run tries again": async ({ fresh }) => {
    for (const [answer, told] of [
      [{ status: 503, body: "" }, /could not be loaded: the server answered 503/],
      [{ body: "<!doctype html><title>Sign in</title>" }, /could not be loaded: The engine cannot be unpacked/],
    ]) {
      const lab = await fresh();
      const file = /\/engine-[0-9a-f]{16}\.lzma$/;
      await lab.page.context().route(file, (route) => route.fulfill(answer));
      await lab.open();
      await lab.type("print('here')\n");
      await lab.run();
      await lab.page.getByRole("alert").getByText(told).waitFor();
      await lab.page.context().unroute(file);
      await lab.run();
      await lab.finished();
      assert.ok((await lab.output.innerText()).includes("here"));
    }
  },
  "Stop ends a worker that does not answer, within half a second": async ({ fresh }) => {
    const lab = await fresh();
    await deaf(lab.page);
    await lab.open();
    await lab.run();
    await lab.page.getByRole("group", { name: "Machine" }).getByText(/^running/).waitFor();
    const began = Date.now();
    await lab.button("Stop").click();
    await lab.page.getByText(/^stopped at/).waitFor();
    assert.ok(Date.now() - began < 1_000, `${Date.now() - began} ms`);
    await lab.type("print('kept'\n");
    await lab.run();
    await lab.page.getByText(/SyntaxError: '\(' was never closed/).waitFor();
  },
};

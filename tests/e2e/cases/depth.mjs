// Recursion in every form, in the real worker with the stack a browser gives it: programs/deep.py in parts.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const programs = join(dirname(fileURLToPath(import.meta.url)), "../programs");

export default {
  "recursion in every form ends in a result or in a Python exception": async ({ fresh }) => {
    const text = await readFile(join(programs, "deep.py"), "utf8");
    const parts = Number(/^PARTS = (\d+)$/m.exec(text)[1]);
    for (let part = 0; part < parts; part++) {
      const lab = await fresh();
      await lab.open();
      await lab.type(text.replace(/^PART = 0$/m, `PART = ${part}`));
      await lab.run();
      const failed = lab.page.getByRole("alert").getByText(/Heddle itself failed/);
      const over = lab.page.getByRole("group", { name: "Machine" }).getByText(/^(ran|stopped at)/);
      const ended = lab.output.getByText(`part ${part}:`);
      await failed.or(ended).first().waitFor({ timeout: 120_000 });
      const why = (await failed.count()) > 0 && (await lab.page.getByRole("alert").first().innerText());
      assert.ok(!why, `part ${part} ends the engine: ${why}`);
      await over.waitFor();
      assert.match(await ended.innerText(), /\d{2,} forms, 0 wrong/);
      lab.assert_no_errors();
      await lab.page.close();
    }
  },
};

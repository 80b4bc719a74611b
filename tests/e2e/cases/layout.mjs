// The page as it stands before anything ran: its parts, its places, light and dark, a phone.
import assert from "node:assert/strict";
import { join } from "node:path";

export default {
  "the page has its controls by role and name": async ({ fresh }) => {
    const lab = await fresh();
    await lab.open();
    for (const name of ["Run", "Stop", "Share", "Gallery", "Theme", "Help"]) await lab.button(name).waitFor();
    await lab.timeline.waitFor();
    for (const name of ["Output", "State", "Wait-for", "Stats"]) await lab.tab(name).waitFor();
    await lab.page.getByRole("slider", { name: "Cores" }).waitFor();
    await lab.page.getByRole("textbox", { name: "Scenario title" }).waitFor();
    await lab.page.getByRole("combobox", { name: "Switch interval" }).waitFor();
    await lab.page.getByRole("combobox", { name: "Scheduler" }).waitFor();
    await lab.page.getByRole("textbox", { name: "Seed" }).waitFor();
    assert.equal(await lab.button("Stop").isDisabled(), true);
    lab.assert_no_errors();
  },
  "the page works below a path": async ({ fresh }) => {
    const lab = await fresh({ below: true });
    await lab.open();
    await lab.button("Gallery").waitFor();
    lab.assert_no_errors();
  },
  "light, dark and phone look as drawn": async ({ fresh, shots }) => {
    for (const [name, options] of [
      ["shell", {}],
      ["shell-dark", { colorScheme: "dark" }],
      ["shell-phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
      ["shell-tablet", { viewport: { width: 1000, height: 800 } }],
    ]) {
      const lab = await fresh(options);
      await lab.page.goto(lab.address);
      await lab.page.getByRole("button", { name: "Run" }).first().waitFor();
      await lab.page.waitForTimeout(400);
      await lab.page.screenshot({ path: join(shots, `${name}.png`) });
      lab.assert_no_errors();
      const wide = await lab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} scrolls sideways by ${wide} px`);
    }
  },
};

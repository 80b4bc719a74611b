// What is noted of a run by running it once more: breakpoints, watched variables, times of functions and lines.
import assert from "node:assert/strict";
import { moment, ran } from "../lab.mjs";
import { join } from "node:path";

const RACE = `import threading, time
counter = 0
def worker():
    global counter
    for i in range(3):
        seen = counter
        time.sleep(0.001)
        counter = seen + 1
threads = [threading.Thread(target=worker) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(counter)
`;

const card = (lab) => lab.page.getByRole("region", { name: "Breakpoints and watched variables" });
/// Does something that moves t, and says where to.
const moves = async (lab, act) => {
  const before = await moment(lab);
  await act();
  await lab.page.waitForFunction((before) => Number(document.querySelector('[role="slider"][aria-label="Moment"]').getAttribute("aria-valuenow")) !== before, before);
  return moment(lab);
};

export default {
  "breakpoints stop the moment t at each time that a thread comes to the line": async ({ fresh }) => {
    const lab = await ran(fresh, RACE);
    await lab.tab("State").click();
    // The column left of the numbers, at line 8.
    const line = await lab.box(lab.page.locator(".cm-line").nth(7));
    const column = await lab.box(lab.page.locator(".cm-breaks"));
    await lab.page.mouse.click(column.x + column.width / 2, line.y + line.height / 2);
    await lab.page.locator(".cm-breaks .stop").nth(1).waitFor({ state: "attached" });
    await card(lab).getByText("of 6 times").waitFor();
    const all = [];
    await lab.timeline.focus();
    await lab.page.keyboard.press("Home");
    for (let n = 0; n < 6; n++) all.push(await moves(lab, () => lab.page.keyboard.press("F8")));
    assert.deepEqual(all, [...all].sort((a, b) => a - b));
    await card(lab).getByText("6 of 6 times").waitFor();
    // The thread stands before the line.
    assert.ok(await lab.page.locator(".cm-line.at").filter({ hasText: "counter = seen + 1" }).count(), "the line is lit");
    await lab.page.keyboard.press("F8");
    await lab.page.getByText("The run does not come there in that direction.").waitFor();
    assert.equal(await moves(lab, () => lab.page.keyboard.press("Shift+F8")), all[4]);
    await card(lab).getByRole("button", { name: "Remove the breakpoint at line 8" }).click();
    await lab.page.locator(".cm-breaks .stop").nth(1).waitFor({ state: "detached" });
    lab.assert_no_errors();
  },

  "run to the cursor": async ({ fresh }) => {
    const lab = await ran(fresh, RACE);
    await lab.timeline.focus();
    await lab.page.keyboard.press("Home");
    await lab.page.locator(".cm-line").nth(11).click();
    const end = await moves(lab, () => lab.page.keyboard.press("Control+F10"));
    assert.ok(end > 3_000_000, `print comes last, not at ${end}`);
    assert.equal(await lab.page.locator(".cm-breaks .stop:visible").count(), 0, "it leaves no breakpoint");
    lab.assert_no_errors();
  },

  "a watched variable says who wrote it and which updates are lost": async ({ fresh, shots }) => {
    const lab = await ran(fresh, RACE);
    await lab.tab("State").click();
    const field = card(lab).getByRole("textbox", { name: "Watch a variable" });
    await field.fill("no variable!");
    await field.press("Enter");
    assert.ok(await field.evaluate((input) => input.validationMessage.includes("is no variable")));
    await field.fill("counter");
    await field.press("Enter");
    await card(lab).getByText("7 writes").waitFor();
    await card(lab).getByText(/\d updates? lost/).waitFor();
    await lab.timeline.focus();
    await lab.page.keyboard.press("Home");
    const first = await moves(lab, () => card(lab).getByRole("button", { name: "On to a write of counter" }).click());
    const second = await moves(lab, () => card(lab).getByRole("button", { name: "On to a write of counter" }).click());
    assert.ok(second > first);
    await card(lab).getByText("1 by").waitFor();
    await lab.page.screenshot({ path: join(shots, "watch.png") });
    assert.equal(await moves(lab, () => card(lab).getByRole("button", { name: "Back to a write of counter" }).click()), first);
    lab.assert_no_errors();
  },

  "functions and lines are timed, with the heat in the editor": async ({ fresh, shots }) => {
    const lab = await ran(fresh, RACE.replace("time.sleep(0.001)", "sum(range(2000))"));
    await lab.tab("Stats").click();
    const part = lab.page.getByRole("region", { name: "Functions and lines" });
    await part.getByRole("button", { name: "Measure" }).click();
    const row = part.getByRole("table", { name: "Functions" }).getByRole("row").filter({ hasText: "worker" });
    await row.waitFor();
    assert.equal(await row.getByRole("cell").first().innerText(), "2");
    const line = part.getByRole("table", { name: "Lines" }).getByRole("row").filter({ hasText: "counter = seen + 1" });
    assert.equal(await line.getByRole("cell").nth(1).innerText(), "6");
    await lab.page.locator(".cm-line").filter({ hasText: "sum(range(2000))" }).locator(".cm-heat").waitFor();
    await lab.page.screenshot({ path: join(shots, "profile.png") });
    await part.getByRole("button", { name: "Put away" }).click();
    await lab.page.locator(".cm-heat").first().waitFor({ state: "detached" });
    lab.assert_no_errors();
  },
};

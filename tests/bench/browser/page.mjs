// Chromium and Heddle's page in it, for the drivers of this folder.
import { chromium } from "playwright-core";

/// No program takes nearly as long.
export const LONGEST_MS = 180_000;

/// The Chromium that `CHROME` names, without what it does on its own.
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROME,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/// Heddle's page, which gives processes so many workers (undefined: as many as it thinks best), each when it has saved so much work (undefined: when it pays): `open` opens a program in it; `run` runs it and gives what
/// the page says the run took, in milliseconds, and what it wrote; `hash` is that of the last run's trace.
export async function heddle(browser, address, workers, worth) {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(LONGEST_MS);
  const settings = Object.entries({ "heddle.workers": workers, "heddle.worth-a-worker": worth }).filter(([, value]) => value !== undefined);
  await page.addInitScript((settings) => settings.forEach(([key, value]) => localStorage.setItem(key, value)), settings);
  await page.goto(address);
  await page.getByRole("textbox", { name: "Editor" }).waitFor();
  const open = async (source) => {
    await page.getByRole("button", { name: "Gallery", exact: true }).click();
    await page.getByLabel("Open a .py file…").setInputFiles({ name: "main.py", mimeType: "text/x-python", buffer: Buffer.from(source) });
    await page.waitForFunction((source) => localStorage.getItem("heddle.program") === source, source);
  };
  const run = async () => {
    // Short runs are over before anybody could look again: every change of what the page says is seen.
    const words = await page.evaluate(() => new Promise((done) => {
      const came = document.querySelector(".came");
      let began = false;
      const observer = new MutationObserver(() => {
        const text = came.innerText;
        began ||= /starting|running/.test(text);
        if (!began || !/^(ran|stopped|not run|syntax|the engine)/.test(text)) return;
        observer.disconnect();
        done(text.startsWith("ran") ? came.querySelector("[title]").title : text);
      });
      observer.observe(came, { subtree: true, childList: true, characterData: true, attributes: true });
      [...document.querySelectorAll("button")].find((button) => button.innerText.startsWith("Run")).click();
    }));
    if (!/of real time/.test(words)) throw new Error(`Heddle: ${words}`);
    return [parseFloat(words), (await page.locator(".written .tx").allInnerTexts()).join("\n")];
  };
  const hash = () => page.getByLabel("Trace hash").getAttribute("data-hash");
  return { page, open, run, hash };
}

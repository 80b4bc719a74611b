// Firefox, driven by Puppeteer over WebDriver BiDi: what a person does with a window, and no more.
import puppeteer from "puppeteer-core";
import { which } from "./which.mjs";

export const name = "Firefox";

/// The program, or null where there is none.
export const program = () => process.env.FIREFOX || which("firefox-esr", "firefox");

/// A window of a fresh profile; `close` ends the browser.
export async function open({ width, height, dark }) {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: program(),
    headless: true,
    extraPrefsFirefox: { "ui.systemUsesDarkTheme": dark ? 1 : 0, "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1 },
  });
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  return {
    version: await browser.version(),
    errors,
    go: (address) => page.goto(address),
    reload: () => page.reload(),
    evaluate: (work, ...values) => page.evaluate(typeof work === "string" ? `(${work})()` : work, ...values),
    screenshot: (path) => page.screenshot({ path }),
    click: (x, y) => page.mouse.click(x, y),
    move: (x, y) => page.mouse.move(x, y),
    wheel: async (x, y, deltaY) => {
      await page.mouse.move(x, y);
      await page.mouse.wheel({ deltaY });
    },
    /// Presses a key, with Control if asked.
    press: async (key, control = false) => {
      if (control) await page.keyboard.down("Control");
      await page.keyboard.press(key);
      if (control) await page.keyboard.up("Control");
    },
    type: (text) => page.keyboard.type(text),
    close: () => browser.close(),
  };
}

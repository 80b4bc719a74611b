// WebKitGTK, driven by WebKitWebDriver: a small client of the W3C's WebDriver protocol (https://www.w3.org/TR/webdriver2/), as far as
// a person's deeds with a window need it. Without a screen it runs under xvfb-run.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { writeFile } from "node:fs/promises";
import { which } from "./which.mjs";

export const name = "WebKitGTK";
export const program = () => process.env.WEBKIT_DRIVER || which("WebKitWebDriver");

/// The protocol's code points of keys.
const KEYS = { Control: "\uE009", Enter: "\uE007", Delete: "\uE017", Escape: "\uE00C", ArrowRight: "\uE014", ArrowLeft: "\uE012", Home: "\uE011", End: "\uE010" };
const STARTING_MS = 20_000;

export async function open({ width, height, dark }) {
  const port = await freePort();
  const command = [program(), `--port=${port}`];
  const screen = process.env.DISPLAY ? [] : ["xvfb-run", "-a", "-s", "-screen 0 1600x1200x24"];
  const [first, ...rest] = [...screen, ...command];
  const theme = dark ? "Adwaita:dark" : "Adwaita";
  const driver = spawn(first, rest, { stdio: "ignore", detached: true, env: { ...process.env, GTK_THEME: theme, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } });
  const base = `http://127.0.0.1:${port}`;
  const ask = async (method, path, body) => {
    const answer = await fetch(base + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  };
  const end = () => {
    try {
      process.kill(-driver.pid);
    } catch {}
  };
  try {
    for (const began = Date.now(); ; ) {
      try {
        await ask("GET", "/status");
        break;
      } catch (error) {
        if (Date.now() - began > STARTING_MS) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
    const { sessionId, capabilities } = await ask("POST", "/session", { capabilities: { alwaysMatch: {} } });
    const at = `/session/${sessionId}`;
    await ask("POST", `${at}/timeouts`, { script: 120_000, pageLoad: 60_000 });
    const run = (script, args = []) => ask("POST", `${at}/execute/async`, { script, args });
    const actions = (all) => ask("POST", `${at}/actions`, { actions: all });
    const pointer = (...deeds) => actions([{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: deeds }]);
    const keys = (...deeds) => actions([{ type: "key", id: "keys", actions: deeds }]);
    const move = (x, y) => ({ type: "pointerMove", duration: 0, origin: "viewport", x: Math.round(x), y: Math.round(y) });
    const key = (type, value) => ({ type, value: KEYS[value] ?? value });
    const evaluate = async (work, ...values) => {
      const script = `const done = arguments[arguments.length - 1];
        Promise.resolve().then(() => (${work})(...Array.from(arguments).slice(0, -1))).then((value) => done([value]), (error) => done([null, String(error)]));`;
      const [value, error] = await run(script, values);
      if (error) throw new Error(error);
      return value;
    };
    const errors = [];
    // The window's frame counts for the protocol, so twice: the second time by what the first has missed.
    await ask("POST", `${at}/window/rect`, { width, height });
    const inner = await evaluate(() => [innerWidth, innerHeight]);
    await ask("POST", `${at}/window/rect`, { width: 2 * width - inner[0], height: 2 * height - inner[1] });
    return {
      version: `${capabilities.browserName} ${capabilities.browserVersion}`,
      errors,
      go: async (address) => void (await ask("POST", `${at}/url`, { url: address })),
      reload: () => ask("POST", `${at}/refresh`, {}),
      evaluate,
      screenshot: async (path) => writeFile(path, Buffer.from(await ask("GET", `${at}/screenshot`), "base64")),
      click: (x, y) => pointer(move(x, y), { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }),
      move: (x, y) => pointer(move(x, y)),
      wheel: (x, y, deltaY) => actions([{ type: "wheel", id: "wheel", actions: [{ type: "scroll", x: Math.round(x), y: Math.round(y), deltaX: 0, deltaY }] }]),
      press: (name, control = false) =>
        keys(...(control ? [key("keyDown", "Control")] : []), key("keyDown", name), key("keyUp", name), ...(control ? [key("keyUp", "Control")] : [])),
      type: (text) => keys(...[...text].flatMap((letter) => [key("keyDown", letter === "\n" ? "Enter" : letter), key("keyUp", letter === "\n" ? "Enter" : letter)])),
      close: async () => {
        await ask("DELETE", at).catch(() => {});
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

// Python's library: what comes with the engine, and what is fetched when a program asks for it.
import assert from "node:assert/strict";

const FILE = /\/library-[0-9a-f]{16}\.lzma$/;

/// Counts the requests for the rest of the library.
function requests(lab) {
  const seen = [];
  lab.page.context().on("request", (request) => FILE.test(new URL(request.url()).pathname) && seen.push(request.url()));
  return seen;
}

async function runs(lab, program) {
  await lab.type(program);
  await lab.run();
  await lab.finished();
  return lab.output.innerText();
}

export default {
  "threading and time come with the engine; the rest of the library is fetched once, when a program asks for it": async ({ fresh }) => {
    const lab = await fresh();
    const seen = requests(lab);
    await lab.open();
    const threads = "import threading, time\nt = threading.Thread(target=time.sleep, args=(0.01,))\nt.start()\nt.join()\nprint('both done')\n";
    assert.ok((await runs(lab, threads)).includes("both done"));
    assert.equal(seen.length, 0);
    assert.ok((await runs(lab, "print('before')\nimport json\nprint(json.dumps({'a': [1, 2]}))\n")).includes('{"a": [1, 2]}'));
    assert.equal(seen.length, 1);
    // What was written before the library came is written once.
    assert.equal((await lab.output.innerText()).split("before").length, 2);
    assert.ok((await runs(lab, "print('\\N{GREEK SMALL LETTER ALPHA}')\nimport decimal\nprint(decimal.Decimal('0.10'))\n")).includes("0.10"));
    assert.ok((await lab.output.innerText()).includes("α"));
    assert.equal(seen.length, 1);
    lab.assert_no_errors();
  },
  "a name of a character alone brings the library too": async ({ fresh }) => {
    const lab = await fresh();
    const seen = requests(lab);
    await lab.open();
    assert.ok((await runs(lab, "print('\\N{SNOWMAN}')\n")).includes("☃"));
    assert.equal(seen.length, 1);
  },
  "a library that cannot be fetched is told, and the next run tries again": async ({ fresh }) => {
    const lab = await fresh();
    await lab.page.context().route(FILE, (route) => route.fulfill({ status: 503, body: "" }));
    await lab.open();
    await lab.type("import json\nprint(json.dumps([1]))\n");
    await lab.run();
    await lab.page.getByRole("alert").getByText(/could not be loaded: the server answered 503/).waitFor();
    await lab.page.context().unroute(FILE);
    await lab.run();
    await lab.finished();
    assert.ok((await lab.output.innerText()).includes("[1]"));
  },
};

import assert from "node:assert/strict";
import { modelFolder } from "../support/model_folder.ts";
import { pythonTest } from "../python/support/python.ts";
import { tempFolder } from "../support/temp.ts";
import { type Outcome, outcome } from "./support/mms.ts";

/** Runs `mms predict --json` on a model of these files. */
async function predict(
  handler: string,
  files: Readonly<Record<string, string>>,
): Promise<Outcome> {
  await using folder = await modelFolder({
    "MAR-INF/MANIFEST.json": { model: { modelName: "custom", handler } },
    "input.json": { text: "hello" },
    ...files,
  });
  const args = ["--model", folder.path, "--json"];
  return await outcome(
    ["predict", ...args, `${folder.path}/input.json`],
    { folder },
  );
}

Deno.test("mms predict runs", async (t) => {
  await t.step("a service in TypeScript", async () => {
    const { code, out, err } = await predict("service.ts", {
      "service.ts": `
import type { Request } from "mms";
interface Said { readonly text: string }
export function handle(data: readonly Request[]): unknown[] {
  return data.map((it) => ({ said: (it.json() as Said).text.length }));
}
`,
    });
    assert.deepEqual([code, out, err], [0, '{"said":5}\n', ""]);
  });
});

Deno.test("mms predict says once, and in print, why a service cannot be loaded", async () => {
  const { code, err } = await predict("service.ts", {
    "service.ts": `throw new Error("no \\x1b[31mred\\u202e");\n`,
  });
  assert.equal(code, 1);
  assert.equal(
    err,
    'Cannot load "service.ts": Error: no \\u{1b}[31mred\\u{202e}, at service.ts:1:7: throw new Error("no \\x1b[31mred\\u202e");\n',
  );
});

pythonTest("mms predict runs a service in Python", async () => {
  const { code, out, err } = await predict("service:handle", {
    "service.py":
      "def handle(data, context):\n    return data and [len(it['body']['text']) for it in data]\n",
  });
  assert.deepEqual([code, out, err], [0, '"5"\n', ""]);
});

pythonTest("mms predict and a service in Python", async (t) => {
  await t.step("that returns objects prints them as one line", async () => {
    const { out, err } = await predict("service:handle", {
      "service.py":
        "def handle(data, context):\n    return data and [{'a': [1, 'b']} for it in data]\n",
    });
    assert.deepEqual([out, err], ['{"a":[1,"b"]}\n', ""]);
  });

  await t.step("run one by one, so that one fails alone", async () => {
    await using folder = await modelFolder({
      "model/MAR-INF/MANIFEST.json": {
        model: { modelName: "custom", handler: "service" },
      },
      "model/service.py":
        "def handle(data, context):\n    assert context.system_properties['batch_size'] == 1\n    return data and [10 // it['body'] for it in data]\n",
      "good.json": "5",
      "bad.json": "0",
    });
    const { code, out, err } = await outcome(
      ["predict", "--model", "./model", "--json", "good.json", "bad.json"],
      { folder },
    );
    assert.equal(code, 1);
    assert.equal(
      out,
      '"2"\n{"error":{"code":503,"type":"InternalServerException","message":"Prediction failed"}}\n',
    );
    assert.match(err, /ZeroDivisionError/);
  });

  await t.step("that came from a url asks first", async () => {
    await using folder = await tempFolder();
    await folder.write(
      "model/service.py",
      "def handle(data, context):\n    return data and ['ran']\n",
    );
    await folder.write("input.json", "1");
    const pack = ["archive", "--model-name", "far", "--model-path", "model"];
    const packed = await outcome([...pack, "--handler", "service"], { folder });
    assert.equal(packed.code, 0, packed.err);
    const archive = await Deno.readFile(`${folder.path}/far.mar`);
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(archive),
    );
    const url = `http://127.0.0.1:${server.addr.port}/far.mar`;
    const args = ["predict", "--model", url, "--json", "input.json"];
    const place = { folder, env: { MMS_CACHE_DIR: `${folder.path}/cache` } };
    const refused = await outcome(args, place);
    assert.deepEqual([refused.code, refused.out], [1, ""]);
    assert.match(
      refused.err,
      /Cannot run model "far": its handler "service" is Python code that came from a url, --allow-python would run it/,
    );
    const { code, out, err } = await outcome(
      [...args, "--allow-python"],
      place,
    );
    assert.deepEqual([code, out, err], [0, '"ran"\n', ""]);
  });
});

Deno.test("mms predict says where a service fails", async (t) => {
  await t.step("as it is loaded", async () => {
    const { code, err } = await predict("service.js", {
      "service.js": "export function handle() {}\nmissing();\n",
    });
    assert.equal(code, 1);
    assert.match(
      err,
      /Cannot load "service\.js": ReferenceError: missing is not defined, at service\.js:2:1: missing\(\);/,
    );
  });

  await t.step("for a reason that it tells itself", async () => {
    const { code, out, err } = await predict("service.js", {
      "service.js":
        "import { PredictionError } from 'mms';\nexport const handle = (data) => data.map(() => new PredictionError('Send more', 422));\n",
    });
    assert.equal(code, 1);
    assert.equal(
      out,
      '{"error":{"code":422,"type":"InternalServerException","message":"Send more"}}\n',
    );
    assert.match(err, /^Cannot predict ".*input\.json": Send more\n$/);
  });

  await t.step("with a status and no reason", async () => {
    const { code, out, err } = await predict("service.js", {
      "service.js":
        "import { Answer } from 'mms';\nexport const handle = (data) => data.map(() => new Answer('gone', { status: 410 }));\n",
    });
    assert.deepEqual([code, out], [1, '{"error":"gone"}\n']);
    assert.match(err, /^Cannot predict ".*input\.json": gone\n$/);
  });

  await t.step("as it answers", async () => {
    const { code, out, err } = await predict("service.js", {
      "service.js":
        "export function handle(data) {\n  return data.nothing.at(0);\n}\n",
    });
    assert.equal(code, 1);
    assert.match(err, /at service\.js:2:23: return data\.nothing\.at\(0\);/);
    assert.match(out, /"Prediction failed"/);
  });
});

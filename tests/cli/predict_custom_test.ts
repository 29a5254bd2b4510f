import assert from "node:assert/strict";
import { modelFolder } from "../support/model_folder.ts";
import { pythonTest } from "../python/support/python.ts";
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

pythonTest("mms predict runs a service in Python", async () => {
  const { code, out, err } = await predict("service:handle", {
    "service.py":
      "def handle(data, context):\n    return data and [len(it['body']['text']) for it in data]\n",
  });
  assert.deepEqual([code, out, err], [0, '"5"\n', ""]);
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

import assert from "node:assert/strict";
import { runBinary } from "../support/binary.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import {
  missingPackage,
  PYTHON,
  pythonTest,
} from "../python/support/python.ts";
import { assertDone, emptyMachine, filesIn, serve } from "./machine.ts";

pythonTest("a Python service of the binary", async (t) => {
  await using folder = await tempFolder();
  const options = await emptyMachine(folder);
  const echo = `${root}/fixtures/examples/echo/model`;
  const pack = ["archive", "--model-name", "echo", "--model-path", echo];
  assertDone(await runBinary([...pack, "--handler", "echo"], options));

  await t.step("runs with the worker that is unpacked from it", async () => {
    const args = ["--python", PYTHON, "--model-store", ".", "--models"];
    await using server = await serve([...args, "echo.mar"], options);
    const response = await fetch(`${server.address}/predictions/echo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"from": "the binary"}',
    });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { from: "the binary" });
  });

  await t.step("imports what mms python --path names", async () => {
    const out = assertDone(await runBinary(["python", "--path"], options));
    const files = await filesIn(out.trimEnd());
    assert.deepEqual(files.sort(), ["mms", "mxnet_utils", "worker.py"]);
  });

  const missing = missingPackage(["numpy", "onnxruntime"]);
  await t.step({
    name: "has its network converted by the binary" +
      (missing === undefined ? "" : ` (needs ${missing})`),
    ignore: missing !== undefined,
    fn: () => convertsForPython(options),
  });
});

async function convertsForPython(
  options: Awaited<ReturnType<typeof emptyMachine>>,
): Promise<void> {
  const example = `${root}/fixtures/examples/character-cnn/model`;
  const pack = ["archive", "--model-name", "reviews", "--model-path", example];
  assertDone(await runBinary([...pack, "--handler", "reviews"], options));
  const args = ["--python", PYTHON, "--model-store", ".", "--models"];
  await using server = await serve([...args, "reviews.mar"], options);
  const response = await fetch(`${server.address}/predictions/reviews`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '[{"review_title": "fast", "review": "a charger that charges"}]',
  });
  const [{ predicted }] = await response.json();
  assert.equal(predicted, "Cell_Phones_and_Accessories");
}

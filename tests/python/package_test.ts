import assert from "node:assert/strict";
import { PACKAGE_FILES } from "../../src/workload/python/package_files.ts";
import { sharedFolder } from "../support/shared.ts";
import { PACKAGE, runProgram } from "./support/program.ts";
import { pythonTest } from "./support/python.ts";

Deno.test("every file of the Python package is part of the program", async () => {
  const files: string[] = ["mms/version.py"];
  async function walk(folder: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      else if (name.endsWith(".py")) files.push(path.slice(PACKAGE.length + 1));
    }
  }
  await walk(PACKAGE);
  assert.deepEqual(Object.keys(PACKAGE_FILES).sort(), files.sort());
});

pythonTest("MetricsStore", async (t) => {
  await t.step("has times and sizes in their units only", async () => {
    const program = `
import json
from mms.metrics.metrics_store import MetricsStore
store = MetricsStore({0: "a", 1: "b"}, "m")
said = []
for add in (store.add_time, store.add_size):
    try:
        add("T", 1, unit="min")
    except ValueError as error:
        said.append(str(error))
print(json.dumps(said))`;
    assert.deepEqual(await runProgram(program), [
      "the unit for a timed metric should be one of ['ms', 's']",
      "The unit for size based metric is one of ['MB','kB', 'GB', 'B']",
    ]);
  });

  await t.step("says which requests a metric is of", async () => {
    const program = `
import json
from mms.metrics.metrics_store import MetricsStore
store = MetricsStore({0: "a", 1: "b"}, "m")
store.add_counter("C", 1)
store.add_counter("C", 1, idx=1)
store.add_time("T", 1)
store.add_time("T", 2)
print(json.dumps([[it.name, it.value, it.request_id] for it in store.store]))`;
    assert.deepEqual(await runProgram(program), [
      ["C", 1, "a,b"],
      ["C", 1, "b"],
      ["T", 2, "a,b"],
    ]);
  });
});

pythonTest("mms.utils.mxnet.nlp", async () => {
  const program = `
import json
from mms.utils.mxnet.nlp import encode_sentences, pad_sentence
coded, words = encode_sentences([["b", "a"], ["a", "c"]], start_label=1, invalid_label=0)
unknown, _ = encode_sentences([["a", "z"]], vocab=words, invalid_label=0)
padded, bucket = pad_sentence(coded[0], [4, 3, 10], invalid_label=0)
print(json.dumps([coded, words, unknown, padded.asnumpy().tolist(), bucket]))`;
  assert.deepEqual(await runProgram(program), [
    [[1, 2], [2, 3]],
    { "\n": 0, b: 1, a: 2, c: 3 },
    [[2, 0]],
    [[1, 2, 0]],
    3,
  ]);
}, ["numpy"]);

pythonTest("mms.utils.mxnet.image", async (t) => {
  await t.step("resizes as OpenCV does, cubic unless told", async () => {
    if (sharedFolder === undefined) return;
    const program = `
import json, sys
import numpy
from mms.utils.mxnet import image
folder = sys.argv[1] + "/models/squeezenet_v1.1/kitten_small."
pixels = numpy.fromfile(folder + "decoded.rgb", dtype=numpy.uint8)
wanted = numpy.fromfile(folder + "224x224.rgb", dtype=numpy.uint8)
small = image.resize(pixels.reshape(168, 224, 3), 224, 224)
gap = numpy.abs(small.asnumpy().astype(int) - wanted.reshape(224, 224, 3))
print(json.dumps([int(gap.max()), small.shape]))`;
    const [gap, shape] = await runProgram(program, {
      args: [sharedFolder],
    }) as [number, unknown];
    assert.deepEqual(shape, [224, 224, 3]);
    assert.ok(gap <= 1, `${gap} steps of 255`);
  });

  await t.step("writes and reads, crops and normalizes", async () => {
    const program = `
import base64, json
import numpy
from mms.utils.mxnet import image
pixels = numpy.zeros((4, 6, 3), dtype=numpy.uint8)
pixels[:, :, 0] = 200
again = image.read(base64.b64decode(image.write(pixels, dim_order="HWC", output_format="png")))
part = image.fixed_crop(again, 1, 1, 4, 2, size=(2, 2))
normal = image.color_normalize(part, numpy.array([100, 0, 0]), numpy.array([50, 1, 1]))
batch = image.transform_shape(normal)
print(json.dumps([again[0, 0].tolist(), batch.shape, batch[0, :, 0, 0].tolist(), str(normal.dtype)]))`;
    assert.deepEqual(await runProgram(program), [
      [200, 0, 0],
      [1, 3, 2, 2],
      [2, 0, 0],
      "float32",
    ]);
  });

  await t.step("weighs samples so that they add up to one", async () => {
    const program = `
import json
from mms.utils.mxnet.taps import weights
print(json.dumps([float(abs(weights(old, new, kind).sum(axis=1) - 1).max())
    for old, new in ((7, 3), (3, 7), (5, 5)) for kind in range(4)]))`;
    for (const gap of await runProgram(program) as number[]) {
      assert.ok(gap < 1e-6);
    }
  });
}, ["numpy", "PIL"]);

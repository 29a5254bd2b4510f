import assert from "node:assert/strict";
import { openFolder } from "../../../src/archive/mod.ts";
import { tempFolder } from "../../support/temp.ts";

/** Opens a folder with these empty files and returns its graph's file names. */
async function graphOf(
  names: readonly string[],
  modelName?: string,
): Promise<readonly string[] | undefined> {
  await using temp = await tempFolder();
  for (const name of names) await temp.write(name, "");
  if (modelName !== undefined) {
    await temp.write(
      "MAR-INF/MANIFEST.json",
      JSON.stringify({ model: { modelName } }),
    );
  }
  const { graph } = await openFolder(temp.path);
  if (graph === undefined) return undefined;
  const paths = graph.format === "onnx"
    ? [graph.path]
    : [graph.symbol, graph.params];
  return paths.map((path) => path.slice(temp.path.length + 1));
}

Deno.test("openFolder() finds the graph", async (t) => {
  await t.step("in an .onnx file", async () => {
    assert.deepEqual(await graphOf(["a.onnx", "a.txt"]), ["a.onnx"]);
  });

  await t.step(
    "of several .onnx files in the one named as the model",
    async () => {
      assert.deepEqual(await graphOf(["a.onnx", "b.onnx"], "b"), ["b.onnx"]);
      await assert.rejects(graphOf(["a.onnx", "b.onnx"], "c"), {
        code: "invalid_archive",
        message:
          /Cannot choose a graph in ".*": "a\.onnx", "b\.onnx" are there, only one of them would be right/,
      });
    },
  );

  await t.step("in an .onnx file rather than a checkpoint", async () => {
    const names = ["a.onnx", "a-symbol.json", "a-0000.params"];
    assert.deepEqual(await graphOf(names), ["a.onnx"]);
  });

  await t.step("in a checkpoint, whatever the model is called", async () => {
    const names = ["a-symbol.json", "a-0100.params"];
    assert.deepEqual(await graphOf(names, "other"), names);
  });

  await t.step("at epoch 0, else at the last one", async () => {
    const epochs = ["a-symbol.json", "a-0002.params", "a-0010.params"];
    assert.deepEqual(await graphOf(epochs), ["a-symbol.json", "a-0010.params"]);
    assert.deepEqual(await graphOf([...epochs, "a-0000.params"]), [
      "a-symbol.json",
      "a-0000.params",
    ]);
  });

  await t.step("of several symbols in the one named as the model", async () => {
    const names = ["a-symbol.json", "a-0000.params", "b-symbol.json"];
    assert.deepEqual(await graphOf(names, "a"), names.slice(0, 2));
    await assert.rejects(graphOf(names), {
      code: "invalid_archive",
      message: /"a-symbol\.json", "b-symbol\.json" are there/,
    });
  });

  await t.step(
    "never without its parameters",
    () =>
      assert.rejects(graphOf(["a-symbol.json", "b-0000.params"]), {
        code: "invalid_archive",
        message:
          /Cannot use "a-symbol\.json": its parameters are not in ".*", "a-0000\.params" would be right/,
      }),
  );

  await t.step(
    "of a BucketingModule, whose keys share parameters",
    async () => {
      const names = ["a-8-symbol.json", "a-0003.params"];
      assert.deepEqual(await graphOf(names), names);
      await assert.rejects(graphOf([...names, "a-4-symbol.json"]), {
        code: "invalid_archive",
        message:
          /"a-4-symbol\.json", "a-8-symbol\.json" are there, .* or a path to one of them: ".*a-4-symbol\.json"/,
      });
    },
  );

  await t.step(
    "and tells of parameters that are called otherwise",
    () =>
      assert.rejects(graphOf(["a-symbol.json", "a.params"]), {
        code: "invalid_archive",
        message: /"a-0000\.params" would be right in place of "a\.params"/,
      }),
  );

  await t.step("nowhere else", async () => {
    assert.equal(await graphOf(["alexnet.params", ".hidden.onnx"]), undefined);
  });
});

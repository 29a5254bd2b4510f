import assert from "node:assert/strict";
import { extractArchive, openFolder } from "../../src/archive/mod.ts";
import { exportServing } from "../../src/export/mod.ts";
import {
  modelFolder,
  onnxFiles,
  SIGNATURE,
  SYMBOL,
} from "../support/model_folder.ts";
import { tempFolder } from "../support/temp.ts";

const TYPES = {
  input_type: "application/json",
  output_type: "application/json",
} as const;

Deno.test("exportServing", async (t) => {
  await t.step("fills the signature of an ONNX graph", async () => {
    await using folder = await modelFolder({
      ...onnxFiles(),
      "synset.txt": "one\ntwo\n",
    });
    await using out = await tempFolder();
    const target = await exportServing(`${folder.path}/net.onnx`, "identity", {
      signature: TYPES,
      auxFiles: [`${folder.path}/synset.txt`],
      exportPath: out.path,
    });
    assert.equal(target, `${out.path}/identity.model`);
    await extractArchive(target, `${out.path}/unpacked`);
    const { signature, labels, name } = await openFolder(
      `${out.path}/unpacked`,
    );
    assert.deepEqual([name, labels], ["identity", ["one", "two"]]);
    assert.deepEqual(signature?.inputs.map((it) => [it.name, it.shape]), [
      ["data", [0, 4]],
    ]);
    assert.deepEqual(signature?.outputs.map((it) => it.name), ["out"]);
  });

  await t.step("packs a checkpoint by its prefix", async () => {
    await using folder = await modelFolder({
      "net-symbol.json": SYMBOL,
      "net-0007.params": "weights",
    });
    await using out = await tempFolder();
    const target = await exportServing(`${folder.path}/net`, "net", {
      signature: SIGNATURE,
      exportPath: out.path,
    });
    await extractArchive(target, `${out.path}/unpacked`);
    const { graph } = await openFolder(`${out.path}/unpacked`);
    assert.equal(graph?.format, "mxnet");
  });

  await t.step("asks for the inputs of a checkpoint", async () => {
    await using folder = await modelFolder({
      "net-symbol.json": SYMBOL,
      "net-0007.params": "weights",
    });
    await assert.rejects(
      exportServing(`${folder.path}/net`, "net", { signature: TYPES }),
      { code: "usage", message: /must name inputs and outputs/ },
    );
  });

  await t.step("leaves nothing where it cannot", async () => {
    await using out = await tempFolder();
    await assert.rejects(
      exportServing(`${out.path}/absent.onnx`, "net", {
        signature: SIGNATURE,
        exportPath: out.path,
      }),
    );
    assert.deepEqual(await Array.fromAsync(Deno.readDir(out.path)), []);
  });
});

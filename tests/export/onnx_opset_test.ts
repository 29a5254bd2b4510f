import assert from "node:assert/strict";
import { onnxOpset } from "../../src/export/onnx_opset.ts";
import { IDENTITY } from "../support/model_folder.ts";
import { onnxModel } from "../support/onnx_model.ts";
import { tempFolder } from "../support/temp.ts";

/** Returns the opset of a file with these bytes. */
async function opsetOf(...bytes: readonly number[]): Promise<number> {
  await using temp = await tempFolder();
  return await onnxOpset(await temp.write("a.onnx", Uint8Array.from(bytes)));
}

const DOMAIN = (text: string) => [
  0x0a,
  text.length,
  ...new TextEncoder().encode(text),
];

Deno.test("onnxOpset()", async (t) => {
  await t.step("finds the version behind the graph", async () => {
    assert.equal(await opsetOf(...onnxModel({ ...IDENTITY, opset: 21 })), 21);
  });

  await t.step("skips other domains and unknown fields", async () => {
    const other = [...DOMAIN("ai.onnx.ml"), 0x10, 3];
    const own = [...DOMAIN("ai.onnx"), 0x10, 11];
    const fixed = [0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7d, 1, 2, 3, 4];
    const imports = [0x42, other.length, ...other, 0x42, own.length, ...own];
    assert.equal(await opsetOf(...fixed, ...imports), 11);
  });

  await t.step("refuses what is not an ONNX model", async () => {
    const refusal = {
      code: "invalid_archive",
      message: /^Cannot export ".*a\.onnx": it is not an ONNX model$/,
    };
    await assert.rejects(opsetOf(), refusal);
    await assert.rejects(opsetOf(0x08, 0x08), refusal);
    await assert.rejects(opsetOf(0x3a, 0xff, 0xff, 0xff, 0x7f), refusal);
    await assert.rejects(opsetOf(0x0b), refusal);
    await assert.rejects(
      opsetOf(...Array.from({ length: 99 }, () => 0xff)),
      refusal,
    );
    await assert.rejects(opsetOf(0x42, 2, 0x12, 0x05), refusal);
  });
});

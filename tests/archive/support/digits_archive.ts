/**
 * The digits model in the containers that models come in.
 *
 * @module
 */

import {
  type ArchiveFormat,
  packArchive,
  packedFromDisk,
  packedText,
} from "../../../src/archive/mod.ts";
import { root } from "../../support/paths.ts";

/** The folder with the model's own files. */
export const DIGITS: string = `${root}/fixtures/digits/onnx`;

/** The folder with the model as a checkpoint. */
export const DIGITS_CHECKPOINT: string = `${root}/fixtures/digits/mxnet`;

/** Packs the model under a name of its own. */
export async function packDigits(
  target: string,
  options: { readonly name: string; readonly format?: ArchiveFormat },
): Promise<void> {
  const manifest = JSON.stringify({
    specificationVersion: "1.0",
    implementationVersion: "1.0",
    modelServerVersion: "1.0",
    runtime: "python",
    model: { modelName: options.name, handler: "mms:image" },
  });
  const files = await Promise.all(
    ["digits.onnx", "signature.json", "synset.txt"].map(async (name) => {
      const path = `${DIGITS}/${name}`;
      return packedFromDisk(name, path, (await Deno.stat(path)).size);
    }),
  );
  await packArchive(
    [packedText("MAR-INF/MANIFEST.json", manifest), ...files],
    target,
    { format: options.format ?? "default" },
  );
}

/**
 * Models that benchmarks serve.
 *
 * @module
 */

import { root } from "../../support/paths.ts";

/** The reference data beside the repository. */
export const SHARED: string = `${root}/../shared`;

/** A picture of 224×168 pixels, 7 kB. */
export const PICTURE: string = `${SHARED}/images/kitten_small.jpg`;

/** A folder with SqueezeNet as ONNX, its signature and its labels. */
export async function squeezenet(folder: string): Promise<string> {
  return await copyModel(`${folder}/squeezenet`, ["squeezenet_v1.1.onnx"]);
}

/** A folder with SqueezeNet as a checkpoint, its signature and its labels. */
export async function squeezenetCheckpoint(folder: string): Promise<string> {
  return await copyModel(`${folder}/squeezenet-mxnet`, [
    "squeezenet_v1.1-symbol.json",
    "squeezenet_v1.1-0000.params",
  ]);
}

async function copyModel(
  model: string,
  graph: readonly string[],
): Promise<string> {
  await Deno.mkdir(model);
  for (const file of [...graph, "signature.json", "synset.txt"]) {
    await Deno.copyFile(
      `${SHARED}/models/squeezenet_v1.1/${file}`,
      `${model}/${file}`,
    );
  }
  return model;
}

/** A folder with a model that answers `OK` without a look at the input. */
export async function noop(folder: string): Promise<string> {
  await Deno.mkdir(`${folder}/noop/MAR-INF`, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/noop/MAR-INF/MANIFEST.json`,
    JSON.stringify({ model: { modelName: "noop", handler: "mms:noop" } }),
  );
  return `${folder}/noop`;
}

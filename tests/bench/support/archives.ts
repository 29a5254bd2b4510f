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
  const model = `${folder}/squeezenet`;
  await Deno.mkdir(model);
  for (const file of ["squeezenet_v1.1.onnx", "signature.json", "synset.txt"]) {
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

/**
 * The cases computed by real MXNet 1.9.1 in `../shared/mxnet-cases`.
 *
 * @module
 */

import type { DataType, Feeds, Tensor } from "../../../src/tensor/mod.ts";

/** One tensor of a case. */
interface CaseTensor {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly file: string;
}

/** One case: a checkpoint, inputs and what MXNet makes of them. */
export interface ReferenceCase {
  readonly name: string;
  readonly symbol: string;
  readonly params: Uint8Array | undefined;
  readonly inputs: readonly {
    readonly name: string;
    readonly tensor: Tensor;
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly tensor: Tensor;
  }[];
  readonly tolerance: { readonly rtol: number; readonly atol: number };
  /** Rows are detections, of which only those with an id of 0 or more count. */
  readonly detections: boolean;
}

/** Reads the case in a folder. */
export async function readCase(folder: string): Promise<ReferenceCase> {
  const json = JSON.parse(await Deno.readTextFile(`${folder}/case.json`));
  const inputs = json.inputs as Record<string, CaseTensor>;
  const outputs = json.outputs as (CaseTensor & { name: string })[];
  return {
    name: json.name,
    symbol: await Deno.readTextFile(`${folder}/symbol.json`),
    params: await readIfThere(`${folder}/model.params`),
    inputs: await Promise.all(
      Object.entries(inputs).map(async ([name, facts]) => ({
        name,
        tensor: await readTensor(folder, facts),
      })),
    ),
    outputs: await Promise.all(outputs.map(async (facts) => ({
      name: facts.name,
      tensor: await readTensor(folder, facts),
    }))),
    tolerance: json.tolerance,
    detections: json.compare === "detections",
  };
}

/** Returns a case's inputs by name. */
export function feedsOf({ inputs }: ReferenceCase): Feeds {
  return Object.fromEntries(inputs.map(({ name, tensor }) => [name, tensor]));
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function readTensor(folder: string, facts: CaseTensor): Promise<Tensor> {
  const { buffer } = await Deno.readFile(`${folder}/${facts.file}`);
  const { shape } = facts;
  switch (facts.dtype) {
    case "float32":
      return { type: "float32", shape, data: new Float32Array(buffer) };
    case "float64":
      return { type: "float64", shape, data: new Float64Array(buffer) };
    case "float16":
      return { type: "float16", shape, data: new Uint16Array(buffer) };
    case "uint8":
      return { type: "uint8", shape, data: new Uint8Array(buffer) };
    case "int8":
      return { type: "int8", shape, data: new Int8Array(buffer) };
    case "int32":
      return { type: "int32", shape, data: new Int32Array(buffer) };
    case "int64":
      return { type: "int64", shape, data: new BigInt64Array(buffer) };
    default:
      throw new TypeError(`a case with ${facts.dtype}`);
  }
}

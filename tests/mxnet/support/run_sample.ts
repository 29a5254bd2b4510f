/**
 * Runs one operator as a graph of its own.
 *
 * @module
 */

import type { DataType, Feeds, Tensor } from "../../../src/tensor/mod.ts";
import type { NaiveArray } from "../naive/array.ts";
import { attributeTexts, type Sample } from "../naive/sample.ts";
import { floatBytes, writeParams } from "./params_writer.ts";
import { type CheckpointRun, runCheckpoint } from "./run_checkpoint.ts";

/**
 * Converts a graph of one operator and runs it. It is converted for any batch
 * first; if that is not possible, for the very shapes of the sample.
 */
export async function runSample(
  operator: string,
  sample: Sample,
  folder: string,
): Promise<readonly Tensor[]> {
  const free = await convertAndRun(operator, sample, {
    folder,
    anyBatch: true,
  });
  if (free !== undefined) return free.outputs;
  const fixed = await convertAndRun(operator, sample, {
    folder,
    anyBatch: false,
  });
  return fixed!.outputs;
}

async function convertAndRun(
  operator: string,
  sample: Sample,
  { folder, anyBatch }: { readonly folder: string; readonly anyBatch: boolean },
): Promise<CheckpointRun | undefined> {
  const { inputs, parameters = [], outputs } = sample;
  const fed = inputs.map((array, i) => ({ array, name: `x${i}`, i }))
    .filter(({ i }) => !parameters.includes(i));
  const batches = new Set(fed.map(({ array }) => array.shape[0]));
  if (anyBatch && batches.size !== 1) return undefined;
  const checkpoint = {
    symbol: symbolOf(operator, sample, Math.max(1, outputs.length)),
    params: writeParams(parameters.map((i) => ({
      name: `x${i}`,
      shape: inputs[i]!.shape,
      bytes: floatBytes(...inputs[i]!.data),
    }))),
    inputs: fed.map(({ name, array }) => ({
      name,
      shape: anyBatch ? [0, ...array.shape.slice(1)] : array.shape,
      dataType: array.type ?? "float32",
    })),
  };
  const feeds: Feeds = Object.fromEntries(
    fed.map(({ name, array }) => [name, tensorOf(array)]),
  );
  try {
    const run = await runCheckpoint(checkpoint, feeds, folder);
    return anyBatch && run.graph.batch !== "free" ? undefined : run;
  } catch (error) {
    if (anyBatch && isAboutTheBatch(error)) return undefined;
    throw error;
  }
}

/** A graph of batch 1 refuses to be converted, or to be fed anything else. */
function isAboutTheBatch(error: unknown): boolean {
  return error instanceof Error && error.name === "MmsError" &&
    /Cannot convert|invalid dimensions/.test(error.message);
}

/** Returns a graph of one operator as MXNet writes it. */
export function symbolOf(
  operator: string,
  sample: Sample,
  count: number,
): string {
  const variables = sample.inputs.map((_, i) => ({
    op: "null",
    name: `x${i}`,
    inputs: [],
  }));
  const node = {
    op: operator,
    name: "node",
    attrs: attributeTexts(sample.attributes),
    inputs: variables.map((_, i) => [i, 0, 0]),
    ...(sample.subgraphs && { subgraphs: sample.subgraphs }),
  };
  return JSON.stringify({
    nodes: [...variables, node],
    arg_nodes: variables.map((_, i) => i),
    heads: Array.from({ length: count }, (_, i) => [variables.length, i, 0]),
    attrs: { mxnet_version: ["int", 10901] },
  });
}

/** Returns an array as it is fed to a graph. */
export function tensorOf(
  { shape, data, type = "float32" }: NaiveArray,
): Tensor {
  switch (type as DataType) {
    case "float64":
      return { type: "float64", shape, data: Float64Array.from(data) };
    case "int64":
      return { type: "int64", shape, data: BigInt64Array.from(data, BigInt) };
    case "int32":
      return { type: "int32", shape, data: Int32Array.from(data) };
    case "int8":
      return { type: "int8", shape, data: Int8Array.from(data) };
    case "uint8":
      return { type: "uint8", shape, data: Uint8Array.from(data) };
    case "bool":
      return { type: "bool", shape, data: Uint8Array.from(data) };
    default:
      return { type: "float32", shape, data: Float32Array.from(data) };
  }
}

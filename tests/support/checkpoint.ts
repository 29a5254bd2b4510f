/**
 * Folders with small checkpoints, and what their models answer.
 *
 * @module
 */

import { openFolder } from "../../src/archive/mod.ts";
import { loadService } from "../../src/service/mod.ts";
import { floatBytes, writeParams } from "../mxnet/support/params_writer.ts";
import { writeSymbol } from "../mxnet/support/symbol_writer.ts";

/** y = x₀ + 2 x₁ + 10, from [n, 2] to [n, 1]. */
export const DENSE: string = writeSymbol([
  "data",
  "fc_weight",
  "fc_bias",
  ["FullyConnected", "fc", [0, 1, 2], { num_hidden: 1 }],
]);

/** Returns the parameters of {@linkcode DENSE}. */
export function denseParams(
  weights: readonly [number, number] = [1, 2],
): Uint8Array<ArrayBuffer> {
  return writeParams([
    { name: "arg:fc_weight", shape: [1, 2], bytes: floatBytes(...weights) },
    { name: "arg:fc_bias", shape: [1], bytes: floatBytes(10) },
  ]);
}

/** The signature of {@linkcode DENSE}, as archives of the original have it. */
export const DENSE_SIGNATURE = {
  inputs: [{ data_name: "data", data_shape: [0, 2] }],
  input_type: "application/json",
  outputs: [{ data_name: "fc", data_shape: [0, 1] }],
  output_type: "application/json",
} as const;

/** Returns the files of a checkpoint that {@linkcode answerOf} can ask. */
export function denseFiles(): Readonly<Record<string, unknown>> {
  return {
    "net-symbol.json": DENSE,
    "net-0000.params": denseParams(),
    "signature.json": DENSE_SIGNATURE,
  };
}

/** Asks the model in a folder, which takes and gives JSON. */
export async function answerOf(
  folder: string,
  cacheFolder: string,
  input: unknown = [[1, 1]],
): Promise<unknown> {
  const archive = await openFolder(folder);
  await using service = await loadService(archive, { threads: 1, cacheFolder });
  const data = new TextEncoder().encode(JSON.stringify(input));
  const [settled] = await service.predict([{
    requestId: "1",
    headers: {},
    fields: new Map([["body", { contentType: "application/json", data }]]),
  }]);
  if (settled?.status !== "fulfilled") throw settled?.reason;
  return JSON.parse(new TextDecoder().decode(settled.value.body));
}

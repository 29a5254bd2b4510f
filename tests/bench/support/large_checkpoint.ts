/**
 * Checkpoints of any size: a chain of fully connected layers.
 *
 * @module
 */

import { writeParams } from "../../mxnet/support/params_writer.ts";
import {
  writeSymbol,
  type WrittenNode,
} from "../../mxnet/support/symbol_writer.ts";

/** The element types that checkpoints come in. */
export type WeightType = "float32" | "float16";

/** A checkpoint on disk. */
export interface LargeCheckpoint {
  /** `PREFIX-symbol.json`. */
  readonly symbol: string;
  /** `PREFIX-0000.params`. */
  readonly params: string;
  /** Of the parameters. */
  readonly bytes: number;
}

/** Rows and columns of each layer. */
const WIDTH = 4096;
const FLAGS = { float32: 0, float16: 2 } as const;
const ELEMENT_BYTES = { float32: 4, float16: 2 } as const;

/** Writes a checkpoint of at least `megabytes` of weights into a folder. */
export async function largeCheckpoint(
  folder: string,
  { type, megabytes }: {
    readonly type: WeightType;
    readonly megabytes: number;
  },
): Promise<LargeCheckpoint> {
  const layer = new Uint8Array(WIDTH * WIDTH * ELEMENT_BYTES[type]);
  const layers = Math.ceil(megabytes * 1e6 / layer.length);
  const symbol = `${folder}/${type}-symbol.json`;
  await Deno.writeTextFile(symbol, chain(layers));
  const params = `${folder}/${type}-0000.params`;
  const { head, before, tail } = frame(layers, FLAGS[type]);
  using file = await Deno.create(params);
  await writeAll(file, head);
  for (let i = 0; i < layers; i++) {
    await writeAll(file, before);
    fill(layer, type, i);
    await writeAll(file, layer);
  }
  await writeAll(file, tail);
  return { symbol, params, bytes: (await file.stat()).size };
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

function chain(layers: number): string {
  const nodes: WrittenNode[] = ["data"];
  for (let i = 0; i < layers; i++) {
    const input = nodes.length - 1;
    nodes.push(`fc${i}_weight`, [
      "FullyConnected",
      `fc${i}`,
      [input, input + 1],
      { num_hidden: WIDTH, no_bias: true },
    ]);
  }
  return writeSymbol(nodes);
}

/** What stands before all layers, before each layer's weights, and after all. */
function frame(layers: number, flag: number) {
  const whole = writeParams(
    Array.from({ length: layers }, (_, i) => ({
      name: `arg:fc${i}_weight`,
      shape: [WIDTH, WIDTH],
      flag,
      bytes: new Uint8Array(),
    })),
  );
  const headBytes = 3 * 8;
  const recordBytes = writeParams([
    { shape: [WIDTH, WIDTH], flag, bytes: new Uint8Array() },
  ]).length - headBytes - 8;
  return {
    head: whole.subarray(0, headBytes),
    before: whole.subarray(headBytes, headBytes + recordBytes),
    tail: whole.subarray(headBytes + layers * recordBytes),
  };
}

/** Small numbers that differ, so that no file system can share them. */
function fill(
  layer: Uint8Array<ArrayBuffer>,
  type: WeightType,
  seed: number,
): void {
  if (type === "float32") {
    const numbers = new Float32Array(layer.buffer);
    for (let i = 0; i < numbers.length; i++) {
      numbers[i] = ((i * 2654435761 + seed) >>> 8) / 2 ** 30;
    }
  } else {
    const halves = new Uint16Array(layer.buffer);
    for (let i = 0; i < halves.length; i++) {
      halves[i] = 0x2000 | ((i * 40503 + seed) & 0x3ff);
    }
  }
}

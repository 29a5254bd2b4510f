/**
 * Parameter files as numpy and MXNet 2 write them.
 *
 * @module
 */

import { joined, u16, u32 } from "./params_writer.ts";

/** One `.npy` array to write. */
export interface WrittenNpy {
  readonly name: string;
  /** numpy's code, such as `<f4`. */
  readonly descr: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly fortran?: boolean;
  readonly deflated?: boolean;
}

/** Returns a `.npy` file of version 1. */
export function writeNpy(array: WrittenNpy): Uint8Array<ArrayBuffer> {
  const { descr, shape, bytes, fortran = false } = array;
  const order = fortran ? "True" : "False";
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text =
    `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${tuple}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) +
    "\n";
  const header = new TextEncoder().encode(padded);
  const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
  return joined([magic, u16(header.length), header, bytes]);
}

/** Returns a zip file of `.npy` arrays. */
export async function writeNpz(
  arrays: readonly WrittenNpy[],
): Promise<Uint8Array<ArrayBuffer>> {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const array of arrays) {
    const name = new TextEncoder().encode(`${array.name}.npy`);
    const plain = writeNpy(array);
    const stored = array.deflated ? await deflate(plain) : plain;
    const facts = joined([
      u16(20),
      u16(0),
      u16(array.deflated ? 8 : 0),
      u32(0),
      u32(0),
      u32(stored.length),
      u32(plain.length),
      u16(name.length),
      u16(0),
    ]);
    const local = joined([u32(0x04034b50), facts, name, stored]);
    const rest = joined([u16(0), u16(0), u16(0), u32(0), u32(offset)]);
    directory.push(joined([u32(0x02014b50), u16(20), facts, rest, name]));
    locals.push(local);
    offset += local.length;
  }
  const entries = joined(directory);
  const count = u16(arrays.length);
  const end = joined([
    u32(0x06054b50),
    u16(0),
    u16(0),
    count,
    count,
    u32(entries.length),
    u32(offset),
    u16(0),
  ]);
  return joined([...locals, entries, end]);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

import type { Shape } from "../../tensor/mod.ts";
import type { ElementType } from "../element_type.ts";

/** What the header of a `.npy` file says. */
export interface NpyHeader {
  readonly type: ElementType;
  readonly shape: Shape;
  readonly columnMajor: boolean;
  /** Bytes before the first element. */
  readonly length: number;
}

/** Bytes that tell how long the header is, in every version. */
export const NPY_PREAMBLE_BYTES = 12;

const MAX_HEADER_BYTES = 1 << 16;
const MAX_RANK = 32;

const TYPES: Readonly<Record<string, ElementType>> = {
  "<f4": "float32",
  "<f8": "float64",
  "<f2": "float16",
  "<b2": "bfloat16",
  "|i1": "int8",
  "<i2": "int16",
  "<i4": "int32",
  "<i8": "int64",
  "|u1": "uint8",
  "<u2": "uint16",
  "<u4": "uint32",
  "<u8": "uint64",
  "|b1": "bool",
};

/**
 * Returns how many bytes come before the elements, from the first bytes of the
 * file, or `undefined` if they are not those of a `.npy` file.
 *
 * The format is that of numpy's `numpy.lib.format`, versions 1 to 3.
 */
export function npyHeaderLength(preamble: Uint8Array): number | undefined {
  if (preamble.length < NPY_PREAMBLE_BYTES) return undefined;
  const view = new DataView(preamble.buffer, preamble.byteOffset);
  if (view.getUint32(0) !== 0x934e554d || view.getUint16(4) !== 0x5059) {
    return undefined;
  }
  const version = preamble[6]!;
  if (version < 1 || version > 3) return undefined;
  const length = version === 1
    ? 10 + view.getUint16(8, true)
    : 12 + view.getUint32(8, true);
  return length <= MAX_HEADER_BYTES ? length : undefined;
}

/** Reads the header, given all of its bytes; `undefined` if it is not one. */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader | undefined {
  const start = bytes[6] === 1 ? 10 : 12;
  const text = Array.from(
    bytes.subarray(start),
    (byte) => String.fromCharCode(byte),
  ).join("");
  const type = TYPES[field(text, "descr", /'([^']{2,4})'/) ?? ""];
  const order = field(text, "fortran_order", /(True|False)/);
  const shape = parseShape(field(text, "shape", /\(([\d, L]*)\)/));
  if (type === undefined || order === undefined || shape === undefined) {
    return undefined;
  }
  return { type, shape, columnMajor: order === "True", length: bytes.length };
}

function field(text: string, key: string, value: RegExp): string | undefined {
  return new RegExp(`'${key}': *${value.source}`).exec(text)?.[1];
}

function parseShape(text: string | undefined): Shape | undefined {
  if (text === undefined) return undefined;
  const extents = text.split(",").map((part) => part.trim().replace(/L$/, ""))
    .filter((part) => part !== "").map(Number);
  const valid = extents.length <= MAX_RANK &&
    extents.every(Number.isSafeInteger);
  return valid ? extents : undefined;
}

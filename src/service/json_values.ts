import {
  type DataType,
  elementCount,
  fromHalfBits,
  type Shape,
  type Tensor,
  type TensorData,
  toHalfBits,
} from "../tensor/mod.ts";
import { MmsError } from "../errors.ts";

/** A nested array taken apart: its extents, and its leaves row-major. */
interface Flat {
  readonly shape: Shape;
  readonly leaves: readonly unknown[];
}

/** A type's own way from one JSON value to one element. */
type Convert<T> = (leaf: unknown) => T;

const MAX_RANK = 32;

/**
 * Turns nested arrays into a tensor.
 *
 * @param value nested arrays of equal lengths, row-major; one element for rank 0
 * @param expected the type and extents to be met; extent 0 is any
 * @throws {MmsError} `bad_request` if `value` is anything else; the message
 * begins with `what`
 */
export function tensorFromJson(
  value: unknown,
  expected: { readonly type: DataType; readonly shape: Shape },
  what: string,
): Tensor {
  if (isObject(value)) {
    throw new MmsError(
      "bad_request",
      `${what}: it is an object, not nested arrays`,
    );
  }
  const { shape, leaves } = flatten(value, what);
  const fits = shape.length === expected.shape.length &&
    shape.every((extent, axis) =>
      extent > 0 &&
      (expected.shape[axis] === 0 || extent === expected.shape[axis])
    );
  if (!fits) {
    throw new MmsError(
      "bad_request",
      `${what}: its shape is [${shape.join(", ")}], it should be ${
        shapeText(expected.shape)
      } of ${expected.type}`,
    );
  }
  const data = CONVERTERS[expected.type](leaves, (leaf, reason) => {
    throw new MmsError(
      "bad_request",
      `${what}: ${JSON.stringify(leaf)} at ${
        positionText(leaves.indexOf(leaf), shape)
      } is ${reason}`,
    );
  });
  return { type: expected.type, shape, data } as Tensor; // by its own converter
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns `[n, 3, 224]`, with `n` for the free extents. */
function shapeText(shape: Shape): string {
  return `[${shape.map((extent) => extent === 0 ? "n" : extent).join(", ")}]`;
}

function positionText(index: number, shape: Shape): string {
  const position: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    position.unshift(index % shape[axis]!);
    index = Math.floor(index / shape[axis]!);
  }
  return `[${position.join(", ")}]`;
}

function flatten(value: unknown, what: string): Flat {
  const shape: number[] = [];
  let leaves: readonly unknown[] = [value];
  while (leaves.length > 0 && Array.isArray(leaves[0])) {
    const length = leaves[0].length;
    const ragged = leaves.find((leaf) =>
      !Array.isArray(leaf) || leaf.length !== length
    );
    if (ragged !== undefined || shape.length === MAX_RANK) {
      throw new MmsError(
        "bad_request",
        `${what}: its arrays differ in length at depth ${
          shape.length + 1
        }, they should be equal`,
      );
    }
    shape.push(length);
    leaves = (leaves as readonly (readonly unknown[])[]).flat();
  }
  return { shape, leaves };
}

/** Reports a leaf that is not what it should be. */
type Refuse = (leaf: unknown, reason: string) => never;

const CONVERTERS: {
  readonly [T in DataType]: (
    leaves: readonly unknown[],
    refuse: Refuse,
  ) => TensorData[T];
} = {
  float32: (leaves, refuse) => Float32Array.from(leaves, float(refuse)),
  float64: (leaves, refuse) => Float64Array.from(leaves, float(refuse)),
  float16: (leaves, refuse) => toHalfBits(leaves.map(float(refuse))),
  int8: (leaves, refuse) => Int8Array.from(leaves, integer(refuse, -128, 127)),
  uint8: (leaves, refuse) => Uint8Array.from(leaves, integer(refuse, 0, 255)),
  int16: (leaves, refuse) =>
    Int16Array.from(leaves, integer(refuse, -32768, 32767)),
  uint16: (leaves, refuse) =>
    Uint16Array.from(leaves, integer(refuse, 0, 65535)),
  int32: (leaves, refuse) =>
    Int32Array.from(leaves, integer(refuse, -(2 ** 31), 2 ** 31 - 1)),
  uint32: (leaves, refuse) =>
    Uint32Array.from(leaves, integer(refuse, 0, 2 ** 32 - 1)),
  int64: (leaves, refuse) =>
    BigInt64Array.from(leaves.map(bigInteger(refuse, "int64"))),
  uint64: (leaves, refuse) =>
    BigUint64Array.from(leaves.map(bigInteger(refuse, "uint64"))),
  bool: (leaves, refuse) => Uint8Array.from(leaves, truth(refuse)),
  string: (leaves, refuse) => leaves.map(text(refuse)),
};

/** What JSON has no numbers for, as Python and JavaScript spell it. */
const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};

function float(refuse: Refuse): Convert<number> {
  return (leaf) => {
    if (typeof leaf === "number") return leaf;
    const named = typeof leaf === "string" ? NON_FINITE[leaf] : undefined;
    return named ?? refuse(leaf, "not a number");
  };
}

function integer(refuse: Refuse, low: number, high: number): Convert<number> {
  return (leaf) =>
    Number.isInteger(leaf) && Number(leaf) >= low && Number(leaf) <= high
      ? Number(leaf)
      : refuse(leaf, `not an integer from ${low} to ${high}`);
}

/** Numbers above 2⁵³ lose digits in JSON parsers, so text is taken as well. */
function bigInteger(
  refuse: Refuse,
  type: "int64" | "uint64",
): Convert<bigint> {
  const wrap = type === "int64" ? BigInt.asIntN : BigInt.asUintN;
  return (leaf) => {
    const isNumber = Number.isSafeInteger(leaf);
    const isText = typeof leaf === "string" && /^-?\d{1,20}$/.test(leaf);
    if (!isNumber && !isText) {
      return refuse(leaf, `not an ${type}, as a number or as digits in quotes`);
    }
    const value = BigInt(leaf as number | string); // one of the two, as tested
    return wrap(64, value) === value
      ? value
      : refuse(leaf, `outside the range of ${type}`);
  };
}

function truth(refuse: Refuse): Convert<number> {
  return (leaf) =>
    leaf === true || leaf === 1
      ? 1
      : leaf === false || leaf === 0
      ? 0
      : refuse(leaf, "neither true nor false");
}

function text(refuse: Refuse): Convert<string> {
  return (leaf) => typeof leaf === "string" ? leaf : refuse(leaf, "not a text");
}

/**
 * Returns outputs as the text of one JSON array: one nested array for each, in
 * order, batch axis kept. Floats are printed with the shortest digits of their
 * value as float64; NaN and infinities, which JSON lacks, as `null`.
 */
export function outputsToJson(outputs: readonly Tensor[]): string {
  return `[${outputs.map(tensorToJson).join(",")}]`;
}

function tensorToJson(tensor: Tensor): string {
  const leaves = leafTexts(tensor);
  return nest(leaves, tensor.shape, 0, leaves.length);
}

function leafTexts(tensor: Tensor): readonly string[] {
  switch (tensor.type) {
    case "string":
      return tensor.data.map((leaf) => JSON.stringify(leaf));
    case "bool":
      return Array.from(tensor.data, (leaf) => leaf === 0 ? "false" : "true");
    case "float16":
      return Array.from(fromHalfBits(tensor.data), numberText);
    case "int64":
    case "uint64":
      return Array.from<bigint, string>(tensor.data, String);
    default:
      return Array.from(tensor.data, numberText);
  }
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}

function nest(
  leaves: readonly string[],
  shape: Shape,
  from: number,
  to: number,
): string {
  if (shape.length === 0) return leaves[from]!;
  if (shape.length === 1) return `[${leaves.slice(from, to).join(",")}]`;
  const rest = shape.slice(1);
  const stride = elementCount(rest);
  const parts = Array.from(
    { length: shape[0]! },
    (_, i) => nest(leaves, rest, from + i * stride, from + (i + 1) * stride),
  );
  return `[${parts.join(",")}]`;
}

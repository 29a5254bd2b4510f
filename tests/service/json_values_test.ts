import assert from "node:assert/strict";
import {
  outputsToJson,
  tensorFromJson,
} from "../../src/service/json_values.ts";
import type { DataType, Tensor } from "../../src/tensor/mod.ts";

function read(value: unknown, type: DataType, shape: readonly number[]) {
  return tensorFromJson(value, { type, shape }, 'Cannot read input "x"');
}

const READ: readonly [DataType, unknown, ArrayLike<unknown>][] = [
  ["float32", [1, 2.5, "NaN"], Float32Array.of(1, 2.5, NaN)],
  ["float64", [0.1, "Infinity"], Float64Array.of(0.1, Infinity)],
  ["float16", [1, -2], Uint16Array.of(0x3c00, 0xc000)],
  ["int8", [-128, 127], Int8Array.of(-128, 127)],
  ["uint8", [0, 255], Uint8Array.of(0, 255)],
  ["int16", [-32768], Int16Array.of(-32768)],
  ["uint16", [65535], Uint16Array.of(65535)],
  ["int32", [-2147483648], Int32Array.of(-2147483648)],
  ["uint32", [4294967295], Uint32Array.of(4294967295)],
  ["int64", [-1, "9223372036854775807"], BigInt64Array.of(-1n, 2n ** 63n - 1n)],
  ["uint64", ["18446744073709551615"], BigUint64Array.of(2n ** 64n - 1n)],
  ["bool", [true, false, 1, 0], Uint8Array.of(1, 0, 1, 0)],
  ["string", ["a", ""], ["a", ""]],
];

for (const [type, value, data] of READ) {
  Deno.test(`tensorFromJson() reads ${type}`, () => {
    const tensor = read(value, type, [0]);
    assert.deepEqual(tensor, { type, shape: [data.length], data });
  });
}

const REFUSED: readonly [string, DataType, unknown, RegExp][] = [
  ["a text for a float", "float32", [[1, "x"]], /"x" at \[0, 1\] is not a num/],
  ["null for a float", "float32", [[null]], /null at \[0, 0\] is not a number/],
  ["a fraction for an int", "int32", [[1.5]], /1\.5 at \[0, 0\] is not an int/],
  ["256 for uint8", "uint8", [[256]], /256 .* not an integer from 0 to 255/],
  ["2⁶³ for int64", "int64", [["9223372036854775808"]], /outside the range/],
  ["an unsafe int64", "int64", [[2 ** 60]], /as a number or as digits in quo/],
  ["−1 for uint64", "uint64", [[-1]], /outside the range of uint64/],
  ["2 for bool", "bool", [[2]], /2 at \[0, 0\] is neither true nor false/],
  ["a number for a text", "string", [[2]], /2 at \[0, 0\] is not a text/],
  ["a ragged array", "float32", [[1, 2], [3]], /differ in length at depth 2/],
  [
    "a rank too low",
    "float32",
    [1, 2],
    /shape is \[2\], .* be \[n, n\] of flo/,
  ],
  ["a rank too high", "float32", [[[1]]], /shape is \[1, 1, 1\]/],
  ["an object", "float32", { a: 1 }, /: it is an object, not nested arrays$/],
  ["no rows", "float32", [], /its shape is \[0\]/],
];

for (const [what, type, value, message] of REFUSED) {
  Deno.test(`tensorFromJson() refuses ${what} and says where`, () => {
    assert.throws(() => read(value, type, [0, 0]), {
      code: "bad_request",
      message,
    });
  });
}

Deno.test("tensorFromJson() refuses an extent other than the fixed one", () => {
  assert.throws(() => read([[1, 2, 3]], "float32", [0, 4]), {
    code: "bad_request",
    message:
      'Cannot read input "x": its shape is [1, 3], it should be [n, 4] of float32',
  });
});

Deno.test("tensorFromJson() reads a scalar for rank 0", () => {
  assert.deepEqual(read(7, "int64", []), {
    type: "int64",
    shape: [],
    data: BigInt64Array.of(7n),
  });
});

Deno.test("tensorFromJson() refuses arrays nested without end", () => {
  let value: unknown = 1;
  for (let i = 0; i < 90; i++) value = [value];
  assert.throws(() => read(value, "float32", [0]), { code: "bad_request" });
});

const WRITTEN: readonly [Tensor, string][] = [
  [
    { type: "float32", shape: [2, 2], data: Float32Array.of(0.5, 1, NaN, -0) },
    "[[[0.5,1],[null,0]]]",
  ],
  [
    { type: "float32", shape: [1], data: Float32Array.of(0.1) },
    "[[0.10000000149011612]]",
  ],
  [{ type: "float16", shape: [1], data: Uint16Array.of(0x3c00) }, "[[1]]"],
  [
    { type: "int64", shape: [1], data: BigInt64Array.of(2n ** 62n) },
    "[[4611686018427387904]]",
  ],
  [{ type: "bool", shape: [2], data: Uint8Array.of(1, 0) }, "[[true,false]]"],
  [{ type: "string", shape: [1], data: ['"'] }, '[["\\""]]'],
  [{ type: "int32", shape: [], data: Int32Array.of(3) }, "[3]"],
  [{ type: "int32", shape: [0, 3], data: new Int32Array() }, "[[]]"],
];

for (const [tensor, json] of WRITTEN) {
  Deno.test(`outputsToJson() writes ${tensor.type} [${tensor.shape}]`, () => {
    assert.equal(outputsToJson([tensor]), json);
  });
}

Deno.test("outputsToJson() writes one nested array for each output", () => {
  const tensor: Tensor = { type: "int8", shape: [1], data: Int8Array.of(1) };
  assert.equal(outputsToJson([tensor, tensor]), "[[1],[1]]");
});

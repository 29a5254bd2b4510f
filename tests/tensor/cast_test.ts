import assert from "node:assert/strict";
import {
  castFloats,
  type CastType,
  fromHalfBits,
  isCastType,
  numbersOf,
  type Tensor,
} from "../../src/tensor/mod.ts";

const VALUES = Float32Array.of(-3e9, -0.5, 0.5, 1.5, 254.5, 300, 3e9);
const CASTS: readonly [CastType, readonly number[]][] = [
  ["uint8", [0, 0, 0, 2, 254, 255, 255]],
  ["int8", [-128, 0, 0, 2, 127, 127, 127]],
  ["int16", [-32768, 0, 0, 2, 254, 300, 32767]],
  ["uint16", [0, 0, 0, 2, 254, 300, 65535]],
  ["int32", [-(2 ** 31), 0, 0, 2, 254, 300, 2 ** 31 - 1]],
  ["uint32", [0, 0, 0, 2, 254, 300, 3e9]],
  ["float64", [-3e9, -0.5, 0.5, 1.5, 254.5, 300, 3e9]],
];

for (const [type, expected] of CASTS) {
  Deno.test(`castFloats() rounds and cuts off for ${type}`, () => {
    const tensor = castFloats(VALUES, [VALUES.length], type);
    assert.equal(tensor.type, type);
    assert.deepEqual(Array.from(numbersOf(tensor)!, (v) => v + 0), expected);
  });
}

Deno.test("castFloats() to float32 keeps the array", () => {
  assert.equal(castFloats(VALUES, [VALUES.length], "float32").data, VALUES);
});

Deno.test("castFloats() to float16 gives its bits", () => {
  const { data } = castFloats(Float32Array.of(1, 0.1), [2], "float16");
  assert.deepEqual(data, Uint16Array.of(0x3c00, 0x2e66));
  assert.deepEqual([...fromHalfBits(data as Uint16Array)], [
    1,
    0.0999755859375,
  ]);
});

Deno.test("isCastType() leaves out what pixels cannot be", () => {
  const types = ["float16", "uint8", "int64", "bool", "string"] as const;
  assert.deepEqual(types.map(isCastType), [true, true, false, false, false]);
});

Deno.test("numbersOf() reads float16, and no texts", () => {
  const half: Tensor = {
    type: "float16",
    shape: [1],
    data: Uint16Array.of(0xc000),
  };
  const text: Tensor = { type: "string", shape: [1], data: ["-2"] };
  assert.deepEqual([...numbersOf(half) as Float32Array], [-2]);
  assert.equal(numbersOf(text), undefined);
});

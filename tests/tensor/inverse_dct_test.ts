import assert from "node:assert/strict";
import { type InverseDct, inverseDctModule } from "../../src/tensor/mod.ts";
import { assertClose } from "../support/close.ts";

/** Addresses in the memory of the test. */
const COMPONENT = 0;
const MULTIPLIERS_AT = COMPONENT + 80;
const MULTIPLIERS = 256;
const COEFFICIENTS = 1024;
const ROWS = 2048;
const SAMPLES = 4096;
const ROW_BYTES = 32;
const COLUMN = 5;

/** Transforms a block, row by row, each coefficient × its multiplier. */
function inverseDct(
  coefficients: ArrayLike<number>,
  multipliers: ArrayLike<number>,
): Uint8Array {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(inverseDctModule()),
    { env: { memory } },
  );
  const { buffer } = memory;
  new Uint32Array(buffer, MULTIPLIERS_AT, 1).set([MULTIPLIERS]);
  new Int32Array(buffer, MULTIPLIERS, 64).set(multipliers);
  new Int16Array(buffer, COEFFICIENTS, 64).set(coefficients);
  const rows = Array.from({ length: 8 }, (_, y) => SAMPLES + ROW_BYTES * y);
  new Uint32Array(buffer, ROWS, 8).set(rows);
  (exports as unknown as InverseDct)
    .inverseDct(0, COMPONENT, COEFFICIENTS, ROWS, COLUMN);
  const written = new Uint8Array(buffer, SAMPLES, 8 * ROW_BYTES);
  const isInside = (i: number) =>
    i % ROW_BYTES >= COLUMN && i % ROW_BYTES < COLUMN + 8;
  assert.ok(written.every((value, i) => isInside(i) || value === 0));
  return written.filter((_, i) => isInside(i));
}

/** The definition (ITU-T T.81 §A.3.3) in float64, 128 added, cut off. */
function definition(
  coefficients: readonly number[],
  multipliers: readonly number[],
): readonly number[] {
  const norm = (u: number) => u === 0 ? Math.SQRT1_2 : 1;
  const cosine = (x: number, u: number) =>
    Math.cos((2 * x + 1) * u * Math.PI / 16);
  return Array.from({ length: 64 }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < 64; i++) {
      const [u, v] = [i % 8, i >> 3];
      sum += norm(u) * norm(v) * coefficients[i]! * multipliers[i]! *
        cosine(at % 8, u) * cosine(at >> 3, v);
    }
    return Math.min(Math.max(128 + sum / 4, 0), 255);
  });
}

/** Coefficients like those of pictures: the higher, the smaller. */
function block(seed: number): readonly number[] {
  let state = seed;
  return Array.from({ length: 64 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const reach = 120 / (1 + (i % 8) + (i >> 3));
    return Math.round((state / 2 ** 32 - 0.5) * reach);
  });
}

const EIGHTS = Array<number>(64).fill(8);

Deno.test("inverseDct() of nothing is the middle grey", () => {
  const samples = inverseDct(new Int16Array(64), EIGHTS);
  assert.deepEqual([...samples], Array<number>(64).fill(128));
});

Deno.test("inverseDct() adds an eighth of the first coefficient", () => {
  const samples = inverseDct([-28, ...Array<number>(63).fill(0)], EIGHTS);
  assert.deepEqual([...samples], Array<number>(64).fill(100));
});

Deno.test("inverseDct() cuts off at 0 and 255", () => {
  const [high] = inverseDct([1000, ...Array<number>(63).fill(0)], EIGHTS);
  const [low] = inverseDct([-1000, ...Array<number>(63).fill(0)], EIGHTS);
  assert.deepEqual([high, low], [255, 0]);
});

Deno.test("inverseDct() is off by less than 1 from the definition", () => {
  const multipliers = Array.from({ length: 64 }, (_, i) => 1 + (i % 13));
  for (let seed = 1; seed <= 200; seed++) {
    const coefficients = block(seed);
    const samples = inverseDct(coefficients, multipliers);
    const exact = definition(coefficients, multipliers);
    assertClose(samples, exact, { atol: 0.75 });
  }
});

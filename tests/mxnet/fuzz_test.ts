import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MmsError } from "../../src/errors.ts";
import { convertCheckpoint } from "../../src/mxnet/mod.ts";
import { readParams } from "../../src/mxnet/params/params.ts";
import { root } from "../support/paths.ts";
import { memorySink, sourceOf } from "./support/memory.ts";
import { writeNpy, writeNpz } from "./support/npz_writer.ts";
import { floatBytes, writeParams } from "./support/params_writer.ts";
import { type Random, randomFrom, testSeed } from "./support/random.ts";

const MAX_MILLISECONDS = 1000;
const MAX_GROWTH = 20e6;

Deno.test("7 000 damaged parameter files end in an MmsError or an answer", async () => {
  const originals = await parameterFiles();
  await fuzz(7000, async (random) => {
    const bytes = mutate(random.pick(originals), random);
    const { arrays } = await readParams(sourceOf(bytes), "damaged.params");
    for (const array of arrays.values()) {
      for await (const chunk of array.read()) assert.ok(chunk.length >= 0);
    }
  });
});

Deno.test("3 000 damaged symbols end in an MmsError or a graph", async () => {
  const prefix = `${root}/fixtures/digits/mxnet/digits`;
  const symbol = await Deno.readFile(`${prefix}-symbol.json`);
  const params = sourceOf(await Deno.readFile(`${prefix}-0000.params`));
  await fuzz(3000, async (random) => {
    await convertCheckpoint({
      symbol: new TextDecoder().decode(mutateText(symbol, random)),
      params,
      paramsName: "digits.params",
      inputs: [{ name: "data", shape: [0, 3, 32, 32] }],
    }, memorySink());
  });
});

async function fuzz(
  count: number,
  run: (random: Random) => Promise<void>,
): Promise<void> {
  const seed = testSeed();
  const before = memoryInUse();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    try {
      await run(randomFrom(seed + i));
    } catch (error) {
      const where = `seed ${seed + i}: ${
        error instanceof Error ? error.stack : error
      }`;
      assert.ok(error instanceof MmsError, where);
    }
    const time = performance.now() - start;
    assert.ok(time < MAX_MILLISECONDS, `seed ${seed + i} took ${time} ms`);
  }
  const growth = memoryInUse() - before;
  assert.ok(
    growth < MAX_GROWTH,
    `memory grew by ${growth} bytes, seed ${seed}`,
  );
}

/** Bytes that are left when all garbage is gone. */
function memoryInUse(): number {
  setFlagsFromString("--expose_gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  collectGarbage();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

async function parameterFiles(): Promise<readonly Uint8Array[]> {
  const bytes = floatBytes(1, 2, 3, 4, 5, 6);
  const array = { name: "arg:w", shape: [2, 3], bytes };
  const npy = { name: "w", descr: "<f4", shape: [2, 3], bytes };
  return [
    ...([0, 1, 2, 3] as const).map((version) =>
      writeParams([{ ...array, version }, { ...array, name: "aux:m", version }])
    ),
    writeParams([{
      ...array,
      shape: [4, 3],
      storedShape: [2, 3],
      indices: [[0, 2]],
    }]),
    writeParams([{
      ...array,
      shape: [3, 3],
      storedShape: [6],
      indices: [[0, 2, 3, 6], [0, 1, 2, 0, 1, 2]],
    }]),
    writeNpy(npy),
    await writeNpz([npy, { ...npy, name: "f", fortran: true }]),
    await writeNpz([npy, { ...npy, name: "z", deflated: true }]),
  ];
}

const NUMBERS = [0, 1, 2, 0x7f, 0x80, 0xff];

/** Changes, cuts, repeats or removes some bytes, once or a few times. */
function mutate(original: Uint8Array, random: Random): Uint8Array {
  let bytes = original.slice();
  for (let count = random.int(1, 4); count > 0 && bytes.length > 0; count--) {
    const at = random.int(0, bytes.length - 1);
    const length = random.int(1, 16);
    switch (random.int(0, 4)) {
      case 0:
        bytes[at] = random.int(0, 255);
        break;
      case 1:
        bytes.fill(random.pick(NUMBERS), at, at + length);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes = spliced(bytes, at, at);
        break;
      default:
        bytes = spliced(bytes, at, at + 2 * length);
    }
  }
  return bytes;
}

/** Continues at `to` after `from`: repeats or leaves out what lies between. */
function spliced(
  bytes: Uint8Array,
  from: number,
  to: number,
): Uint8Array<ArrayBuffer> {
  const head = bytes.subarray(0, from);
  const tail = bytes.subarray(Math.max(0, to - 8));
  const result = new Uint8Array(head.length + tail.length);
  result.set(head);
  result.set(tail, head.length);
  return result;
}

const TOKENS = [
  "[",
  "]",
  "{",
  "}",
  ",",
  '"',
  "-1",
  "0",
  "99999999999",
  "1e308",
  "null",
  "[0, 0, 0]",
  "[37, 0, 0]",
  '"op": "null"',
  '"(0, 0)"',
  '"(-1, 9999999)"',
  '"nan"',
  '"Reshape"',
  '"RNN"',
  '"tile"',
  '"True"',
  '"None"',
];

/** Puts other tokens between, over or instead of characters. */
function mutateText(original: Uint8Array, random: Random): Uint8Array {
  if (random.next() < 0.3) return mutate(original, random);
  let text = new TextDecoder().decode(original);
  for (let count = random.int(1, 3); count > 0; count--) {
    const values = [...text.matchAll(/"[^"]*"|-?\d+/g)];
    const value = random.pick(values);
    const end = value.index + value[0].length;
    text = text.slice(0, value.index) + random.pick(TOKENS) + text.slice(end);
  }
  return new TextEncoder().encode(text);
}

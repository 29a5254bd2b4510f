import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import type { ParamArray } from "../../src/mxnet/params/param_array.ts";
import { readParams } from "../../src/mxnet/params/params.ts";
import { sourceOf } from "./support/memory.ts";
import { writeNpy, writeNpz } from "./support/npz_writer.ts";
import { floatBytes, joined, writeParams } from "./support/params_writer.ts";

const read = (bytes: Uint8Array) => readParams(sourceOf(bytes), "net.params");

async function elementsOf(array: ParamArray | undefined): Promise<Uint8Array> {
  return joined(await Array.fromAsync(array!.read()));
}

async function rejects(bytes: Uint8Array, message: RegExp): Promise<void> {
  await assert.rejects(read(bytes), (error) => {
    assert.ok(error instanceof MmsError, String(error));
    assert.equal(error.code, "invalid_model");
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("readParams() reads records of every version", async (t) => {
  for (const version of [0, 1, 2, 3] as const) {
    await t.step(`V${version}`, async () => {
      const bytes = floatBytes(1, 2, 3, 4, 5, 6);
      const file = writeParams([
        { name: "arg:w", shape: [2, 3], bytes, version },
        { name: "aux:m", shape: [6], bytes, version },
      ]);
      const { arrays, warnings } = await read(file);
      assert.deepEqual([...arrays.keys()], ["w", "m"]);
      assert.deepEqual(arrays.get("w")!.shape, [2, 3]);
      assert.deepEqual(await elementsOf(arrays.get("w")), bytes);
      const { offset, length } = arrays.get("m")!.location!;
      assert.deepEqual(file.subarray(offset, offset + length), bytes);
      assert.deepEqual(warnings, []);
    });
  }
});

Deno.test("readParams() reads every element type", async () => {
  const types = [
    ["float32", 4],
    ["float64", 8],
    ["float16", 2],
    ["uint8", 1],
    ["int32", 4],
    ["int8", 1],
    ["int64", 8],
    ["bool", 1],
    ["int16", 2],
    ["uint16", 2],
    ["uint32", 4],
    ["uint64", 8],
    ["bfloat16", 2],
  ] as const;
  const { arrays } = await read(writeParams(types.map(([name, size], flag) => ({
    name,
    flag,
    shape: [3],
    bytes: new Uint8Array(3 * size).fill(1),
  }))));
  for (const [name, size] of types) {
    assert.equal(arrays.get(name)!.type, name);
    assert.equal(arrays.get(name)!.location!.length, 3 * size);
  }
});

Deno.test("readParams() keeps names without a prefix and with colons", async () => {
  const bytes = floatBytes(1);
  const names = ["w", "arg:a:b", "aux:x/y"];
  const { arrays } = await read(
    writeParams(names.map((name) => ({ name, shape: [1], bytes }))),
  );
  assert.deepEqual([...arrays.keys()], ["w", "a:b", "x/y"]);
});

Deno.test("readParams() reads sparse arrays as dense ones", async (t) => {
  await t.step("rows", async () => {
    const { arrays } = await read(writeParams([{
      name: "w",
      shape: [4, 2],
      storedShape: [2, 2],
      bytes: floatBytes(1, 2, 3, 4),
      indices: [[1, 3]],
    }]));
    assert.deepEqual(
      await elementsOf(arrays.get("w")),
      floatBytes(0, 0, 1, 2, 0, 0, 3, 4),
    );
  });
  await t.step("compressed rows", async () => {
    const { arrays } = await read(writeParams([{
      name: "w",
      shape: [3, 3],
      storedShape: [3],
      bytes: floatBytes(5, 6, 7),
      indices: [[0, 1, 1, 3], [2, 0, 1]],
    }]));
    assert.deepEqual(
      await elementsOf(arrays.get("w")),
      floatBytes(0, 0, 5, 0, 0, 0, 6, 7, 0),
    );
  });
  await t.step("not with indices that lie outside or go back", async () => {
    for (const rows of [[1, 4], [3, 1], [2, 2]]) {
      const { arrays } = await read(writeParams([{
        name: "w",
        shape: [4, 2],
        storedShape: [2, 2],
        bytes: floatBytes(1, 2, 3, 4),
        indices: [rows],
      }]));
      await assert.rejects(elementsOf(arrays.get("w")), /row \d follows/);
    }
  });
});

Deno.test("readParams() reads the files of numpy", async (t) => {
  const bytes = floatBytes(1, 2, 3, 4, 5, 6);
  const array = { descr: "<f4", shape: [2, 3], bytes };
  await t.step("stored, packed and column by column", async () => {
    const file = await writeNpz([
      { ...array, name: "arg:a" },
      { ...array, name: "b", deflated: true },
      { ...array, name: "c", fortran: true },
      { name: "s", descr: "<i8", shape: [], bytes: new Uint8Array(8) },
    ]);
    const { arrays } = await read(file);
    const { offset, length } = arrays.get("a")!.location!;
    assert.deepEqual(file.subarray(offset, offset + length), bytes);
    assert.deepEqual(await elementsOf(arrays.get("b")), bytes);
    assert.deepEqual(
      await elementsOf(arrays.get("c")),
      floatBytes(1, 3, 5, 2, 4, 6),
    );
    assert.deepEqual(arrays.get("s")!.shape, []);
  });
  await t.step("a single array", async () => {
    const { arrays } = await read(writeNpy({ ...array, name: "" }));
    assert.deepEqual(await elementsOf(arrays.get("")), bytes);
  });
  await t.step("not one whose length does not fit its shape", async () => {
    await rejects(
      await writeNpz([{ ...array, name: "a", shape: [2, 4] }]),
      /float32\[2, 4\] does not take \d+ bytes/,
    );
  });
});

Deno.test("readParams() says what a file is that is none, and where it breaks", async (t) => {
  const text = (content: string) => new TextEncoder().encode(content);
  const good = writeParams([{
    name: "w",
    shape: [2, 3],
    bytes: floatBytes(1, 2, 3, 4, 5, 6),
  }]);
  const patched = (at: number, value: number) => good.with(at, value);
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["empty", new Uint8Array(0), /is empty/],
    [
      "a Git LFS pointer",
      text("version https://git-lfs.github.com/spec/v1\noid"),
      /Git LFS pointer/,
    ],
    ["a web page", text("<!DOCTYPE html><html>"), /web page/],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0), /gzip/],
    [
      "something else",
      text("0123456789abcdef"),
      /byte 0, this is not a parameter file/,
    ],
    [
      "cut within the elements",
      good.subarray(0, 80),
      /byte 64, float32\[2, 3\] needs 24 bytes and the file ends at byte 80/,
    ],
    [
      "cut within the names",
      good.subarray(0, good.length - 1),
      /a name needs 1 bytes/,
    ],
    [
      "too many arrays",
      patched(20, 1),
      /byte 16, 4294967297 entries are announced/,
    ],
    ["a strange version", patched(24, 0), /has rank \d+/],
    ["a strange storage", patched(28, 7), /byte 28, the storage type is 7/],
    ["a strange rank", patched(32, 77), /byte 32, an array has rank 77/],
    ["a strange extent", patched(41, 200), /an array|float32/],
    ["a strange type", patched(60, 99), /byte 60, the element type is 99/],
  ];
  for (const [name, bytes, message] of cases) {
    await t.step(name, () => rejects(bytes, message));
  }
  await t.step(
    "arrays without names",
    () =>
      rejects(
        writeParams([{ shape: [1], bytes: floatBytes(1) }]),
        /1 arrays have 0 names/,
      ),
  );
  await t.step("two arrays of one name", () =>
    rejects(
      writeParams(
        ["arg:w", "aux:w"].map((name) => ({
          name,
          shape: [1],
          bytes: floatBytes(1),
        })),
      ),
      /two arrays named "w"/,
    ));
  await t.step("and warns of bytes behind the end", async () => {
    const { warnings } = await read(joined([good, Uint8Array.of(1, 2)]));
    assert.match(warnings[0]!, /2 bytes after its end/);
  });
});

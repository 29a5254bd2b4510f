import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { extractArchive } from "../../../src/archive/mod.ts";
import { tempFolder } from "../../support/temp.ts";
import { namesIn } from "../support/extraction.ts";
import { tarBytes, tarGzBytes } from "../support/tar_bytes.ts";
import { zipBytes } from "../support/zip_bytes.ts";

const ROUNDS = 300;

const ENTRIES = [
  { name: "MAR-INF/MANIFEST.json", data: "{}" },
  { name: "synset.txt", data: "cat\n".repeat(50), method: 8 },
  { name: "folder/net.onnx", data: "\x08\x07".repeat(30) },
];

/** Numbers from 0 up to `below`, the same in every run (Numerical Recipes' LCG). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

function mutated(
  bytes: Uint8Array,
  random: (below: number) => number,
): Uint8Array {
  const copy = bytes.slice();
  for (let i = random(4); i >= 0; i--) copy[random(copy.length)] = random(256);
  return random(4) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}

/** Unpacks mutations: each is unpacked, or refused without anything left. */
async function assertUnpacksOrRefuses(
  name: string,
  mutation: (random: (below: number) => number) => Uint8Array,
): Promise<void> {
  await using temp = await tempFolder();
  const random = randomNumbers(name.length);
  let refused = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const file = await temp.write("a.mar", mutation(random));
    const out = `${temp.path}/out`;
    try {
      await extractArchive(file, out);
      await Deno.remove(out, { recursive: true });
    } catch (error) {
      const code: unknown = error instanceof Error &&
        Reflect.get(error, "code");
      assert.equal(code, "invalid_archive", `${name}, ${i}: ${error}`);
      refused++;
    }
    assert.deepEqual(await namesIn(temp.path), ["a.mar"], `${name}, ${i}`);
  }
  assert.ok(refused > ROUNDS / 10, `${refused} of ${ROUNDS} refused`);
}

Deno.test("extractArchive() unpacks or refuses whatever is changed in", async (t) => {
  await t.step("a zip file", async () => {
    const whole = zipBytes(ENTRIES);
    await assertUnpacksOrRefuses("zip", (random) => mutated(whole, random));
  });

  await t.step("a tar.gz file", async () => {
    const whole = tarGzBytes(ENTRIES);
    await assertUnpacksOrRefuses("tar.gz", (random) => mutated(whole, random));
  });

  await t.step("the tar file inside of a tar.gz file", async () => {
    const whole = tarBytes(ENTRIES);
    await assertUnpacksOrRefuses(
      "tar",
      (random) => new Uint8Array(gzipSync(mutated(whole, random))),
    );
  });
});

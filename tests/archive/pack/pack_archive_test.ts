import assert from "node:assert/strict";
import {
  type ArchiveFormat,
  extractArchive,
  packArchive,
  packedFromDisk,
  packedText,
  type PackFile,
} from "../../../src/archive/mod.ts";
import { tempFolder } from "../../support/temp.ts";
import { namesIn, textsOf } from "../support/extraction.ts";

const FORMATS: readonly ArchiveFormat[] = ["default", "tgz", "no-archive"];

const LONG_NAME = `${"folder/".repeat(30)}größe.txt`;

const TEXTS = {
  "MAR-INF/MANIFEST.json": "{}",
  "assets/synset.txt": "cat\n".repeat(1000),
  "empty": "",
  [LONG_NAME]: "deep",
};

const FILES = Object.entries(TEXTS).map(([name, text]) =>
  packedText(name, text)
);

Deno.test("packArchive() and extractArchive()", async (t) => {
  for (const format of ["default", "tgz"] as const) {
    await t.step(`agree on format ${format}`, async () => {
      await using temp = await tempFolder();
      await packArchive(FILES, `${temp.path}/a`, { format });
      await extractArchive(`${temp.path}/a`, `${temp.path}/out`);
      assert.deepEqual(await textsOf(`${temp.path}/out`), TEXTS);
    });
  }

  await t.step(
    "agree on a file whose beginning alone gets smaller",
    async () => {
      await using temp = await tempFolder();
      const content = new Uint8Array(1 << 20);
      for (let i = 1 << 16; i < content.length; i += 1 << 16) {
        crypto.getRandomValues(content.subarray(i, i + (1 << 16)));
      }
      const path = await temp.write("net.onnx", content);
      const files = [packedFromDisk("net.onnx", path, content.length)];
      await packArchive(files, `${temp.path}/a`, { format: "default" });
      const { size } = await Deno.stat(`${temp.path}/a`);
      assert.ok(size > content.length, "stored");
      await extractArchive(`${temp.path}/a`, `${temp.path}/out`);
      const unpacked = await Deno.readFile(`${temp.path}/out/net.onnx`);
      assert.deepEqual(unpacked, content);
    },
  );

  await t.step("agree on bytes that do not get smaller", async () => {
    await using temp = await tempFolder();
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const path = await temp.write("noise", noise);
    const files = [packedFromDisk("noise", path, noise.length)];
    await packArchive(files, `${temp.path}/a`, { format: "default" });
    const { size } = await Deno.stat(`${temp.path}/a`);
    assert.equal(size, noise.length + 30 + 5 + 46 + 5 + 22, "stored");
    await extractArchive(`${temp.path}/a`, `${temp.path}/out`);
    assert.deepEqual(await Deno.readFile(`${temp.path}/out/noise`), noise);
  });
});

Deno.test("packArchive()", async (t) => {
  await t.step("makes a folder of format no-archive", async () => {
    await using temp = await tempFolder();
    await packArchive(FILES, `${temp.path}/a`, { format: "no-archive" });
    assert.deepEqual(await textsOf(`${temp.path}/a`), TEXTS);
  });

  await t.step("lays files over a folder that is there", async () => {
    await using temp = await tempFolder();
    await temp.write("a/empty", "old");
    await temp.write("a/other", "stays");
    await packArchive(FILES, `${temp.path}/a`, { format: "no-archive" });
    assert.deepEqual(await textsOf(`${temp.path}/a`), {
      ...TEXTS,
      other: "stays",
    });
  });

  for (const format of ["default", "tgz"] as const) {
    await t.step(
      `makes the same ${format} bytes of the same input`,
      async () => {
        await using temp = await tempFolder();
        const first = await packedBytes(temp.path, { format, mode: 0o600 });
        const second = await packedBytes(temp.path, { format, mode: 0o755 });
        assert.deepEqual(first, second);
      },
    );
  }

  await t.step("replaces a file that is there", async () => {
    await using temp = await tempFolder();
    const target = await temp.write("a.mar", "old");
    await packArchive(FILES, target, { format: "default" });
    assert.deepEqual(await namesIn(temp.path), ["a.mar"]);
    assert.notEqual(await Deno.readTextFile(target), "old");
  });

  await t.step("tells how far it is", async () => {
    await using temp = await tempFolder();
    const told: (readonly [number, number])[] = [];
    await packArchive(FILES, `${temp.path}/a.mar`, {
      format: "default",
      progress: (done, total) => told.push([done, total]),
    });
    const total = Object.values(TEXTS).join("").length;
    assert.deepEqual(told.at(-1), [total, total]);
    assert.deepEqual(told, told.toSorted(([a], [b]) => a - b));
  });

  await t.step("refuses names that could not be unpacked", async () => {
    await using temp = await tempFolder();
    const packed = (...names: readonly string[]) =>
      packArchive(
        names.map((name) => packedText(name, "")),
        `${temp.path}/a.mar`,
        { format: "default" },
      );
    await assert.rejects(packed("a", "A"), {
      code: "invalid_archive",
      message: 'Cannot pack "A": it is a duplicate of "a" to some file systems',
    });
    await assert.rejects(packed("a\\b"), {
      code: "invalid_archive",
      message: 'Cannot pack "a\\b": its path has a backslash',
    });
  });
});

Deno.test("packArchive() leaves nothing", async (t) => {
  for (const format of FORMATS) {
    await t.step(`of format ${format} when it is given up`, async () => {
      await using temp = await tempFolder();
      const controller = new AbortController();
      const packing = packArchive(FILES, `${temp.path}/a`, {
        format,
        signal: controller.signal,
        progress: () => controller.abort(),
      });
      await assert.rejects(packing, { code: "aborted" });
      assert.deepEqual(await namesIn(temp.path), []);
    });

    await t.step(`of format ${format} when a file changes`, async () => {
      for (const bytes of [3, 5]) {
        await using temp = await tempFolder();
        const path = await temp.write("in/net.onnx", "four");
        const files = [packedFromDisk("net.onnx", path, bytes)];
        await assert.rejects(packArchive(files, `${temp.path}/a`, { format }), {
          code: "io_failed",
          message: 'Cannot pack "net.onnx": it changed while it was read',
        });
        assert.deepEqual(await namesIn(temp.path), ["in"]);
      }
    });

    await t.step(`of format ${format} when a file vanishes`, async () => {
      await using temp = await tempFolder();
      const files = [...FILES, packedFromDisk("net.onnx", "/no/such", 4)];
      await assert.rejects(packArchive(files, `${temp.path}/a`, { format }), {
        code: "io_failed",
      });
      assert.deepEqual(await namesIn(temp.path), []);
    });
  }

  await t.step("where the disk refuses", async () => {
    await using temp = await tempFolder();
    const target = `${temp.path}/no/a.mar`;
    await assert.rejects(packArchive(FILES, target, { format: "default" }), {
      code: "io_failed",
      message: /^Cannot write ".*a\.mar": /,
    });
  });

  await t.step("of bytes that are exchanged between two readings", async () => {
    await using temp = await tempFolder();
    const contents = ["noise", "other"].map((it) => packedText("a", it));
    const file: PackFile = {
      ...contents[0]!,
      open: () => contents.shift()!.open(),
    };
    const target = `${temp.path}/a.mar`;
    await assert.rejects(packArchive([file], target, { format: "default" }), {
      code: "io_failed",
    });
    assert.deepEqual(await namesIn(temp.path), []);
  });
});

/** Packs files freshly written with this mode. */
async function packedBytes(
  folder: string,
  options: { readonly format: ArchiveFormat; readonly mode: number },
): Promise<Uint8Array> {
  const source = await Deno.makeTempDir({ dir: folder });
  const files: PackFile[] = [];
  for (const [i, text] of ["a".repeat(5000), "noise"].entries()) {
    const path = `${source}/${i}`;
    await Deno.writeTextFile(path, text, { mode: options.mode });
    await Deno.utime(path, options.mode, options.mode);
    files.push(packedFromDisk(`${i}`, path, text.length));
  }
  const target = `${source}/packed`;
  await packArchive(files, target, { format: options.format });
  return await Deno.readFile(target);
}

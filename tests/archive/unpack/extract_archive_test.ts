import assert from "node:assert/strict";
import { extractArchive } from "../../../src/archive/mod.ts";
import { tempFolder } from "../../support/temp.ts";
import { assertRefused, namesIn, textsOf } from "../support/extraction.ts";
import { tarGzBytes } from "../support/tar_bytes.ts";
import { zipBytes } from "../support/zip_bytes.ts";

const ARCHIVE = zipBytes([{ name: "a.txt", data: "new" }]);

Deno.test("extractArchive()", async (t) => {
  await t.step("fills an empty folder", async () => {
    await using temp = await tempFolder();
    const file = await temp.write("a.mar", ARCHIVE);
    await Deno.mkdir(`${temp.path}/out`);
    await extractArchive(file, `${temp.path}/out`);
    assert.deepEqual(await textsOf(`${temp.path}/out`), { "a.txt": "new" });
  });

  await t.step("leaves an empty folder empty where it refuses", async () => {
    await using temp = await tempFolder();
    const file = await temp.write("a.mar", zipBytes([{ name: "../a" }]));
    await Deno.mkdir(`${temp.path}/out`);
    await assert.rejects(extractArchive(file, `${temp.path}/out`));
    assert.deepEqual(await namesIn(`${temp.path}/out`), []);
    assert.deepEqual(await namesIn(temp.path), ["a.mar", "out"]);
  });

  await t.step(
    "moves a tar's one folder into a folder that is there",
    async () => {
      await using temp = await tempFolder();
      const archive = tarGzBytes([{ name: "net/net/a" }, { name: "net/b" }]);
      const file = await temp.write("a.tgz", archive);
      await Deno.mkdir(`${temp.path}/out`);
      await extractArchive(file, `${temp.path}/out`);
      assert.deepEqual(Object.keys(await textsOf(`${temp.path}/out`)), [
        "b",
        "net/a",
      ]);
    },
  );

  await t.step("never touches a folder that holds something", async () => {
    await using temp = await tempFolder();
    const file = await temp.write("a.mar", ARCHIVE);
    await temp.write("out/a.txt", "old");
    await assert.rejects(extractArchive(file, `${temp.path}/out`), {
      code: "conflict",
      message: /Cannot unpack into ".*out": it holds "a\.txt" already$/,
    });
    assert.deepEqual(await textsOf(temp.path), {
      "a.mar": await Deno.readTextFile(file),
      "out/a.txt": "old",
    });
  });

  await t.step("goes by the first bytes, not by the name", async () => {
    await using temp = await tempFolder();
    const file = await temp.write("a.mar", tarGzBytes([{ name: "a.txt" }]));
    await extractArchive(file, `${temp.path}/out`);
    assert.deepEqual(await namesIn(`${temp.path}/out`), ["a.txt"]);
  });

  await t.step("refuses any other format", async () => {
    const reason = "it is neither a zip nor a tar.gz file";
    await assertRefused(new Uint8Array(), [reason]);
    await assertRefused(new TextEncoder().encode("<html>"), [reason]);
    await assertRefused(Uint8Array.of(0x50, 0x4b, 0x07, 0x08), [reason]);
  });

  await t.step("says that a file is missing", async () => {
    await using temp = await tempFolder();
    await assert.rejects(
      extractArchive(`${temp.path}/no.mar`, `${temp.path}/out`),
      { code: "model_not_found", message: /Cannot open ".*no.mar": / },
    );
  });

  await t.step("says that the disk refuses", async () => {
    await using temp = await tempFolder();
    const file = await temp.write("a.mar", ARCHIVE);
    await assert.rejects(extractArchive(file, `${temp.path}/no/out`), {
      code: "io_failed",
      message: /Cannot unpack into ".*out": /,
    });
  });

  await t.step("leaves nothing when it is given up", async () => {
    await using temp = await tempFolder();
    const file = await temp.write("a.mar", ARCHIVE);
    const signal = AbortSignal.abort();
    await assert.rejects(extractArchive(file, `${temp.path}/out`, { signal }), {
      code: "aborted",
    });
    assert.deepEqual(await namesIn(temp.path), ["a.mar"]);
  });

  await t.step("gives up in the midst of a file", async () => {
    await using temp = await tempFolder();
    const data = "x".repeat(1 << 22);
    const file = await temp.write("a.mar", zipBytes([{ name: "a", data }]));
    const controller = new AbortController();
    const extraction = extractArchive(file, `${temp.path}/out`, {
      signal: controller.signal,
    });
    await somethingIn(temp.path, ".partial");
    controller.abort();
    await assert.rejects(extraction, { code: "aborted" });
    assert.deepEqual(await namesIn(temp.path), ["a.mar"]);
  });
});

async function somethingIn(folder: string, ending: string): Promise<void> {
  while (!(await namesIn(folder)).some((name) => name.endsWith(ending))) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

Deno.test("extractArchive() closes the file that it gives up at", async () => {
  await using temp = await tempFolder();
  const data = "x".repeat(1 << 22);
  const file = await temp.write("a.mar", zipBytes([{ name: "a", data }]));
  // Each lets the unpacking get a little further; the sanitizer looks for files.
  for (let polls = 0; polls < 40; polls++) {
    const controller = new AbortController();
    const { signal } = controller;
    const extraction = extractArchive(file, `${temp.path}/out`, { signal });
    const settled = extraction.catch(() => {});
    for (let i = 0; i < polls; i++) await new Promise((r) => setTimeout(r, 0));
    controller.abort();
    await settled;
    await Deno.remove(`${temp.path}/out`, { recursive: true }).catch(() => {});
  }
  assert.deepEqual(await namesIn(temp.path), ["a.mar"]);
});

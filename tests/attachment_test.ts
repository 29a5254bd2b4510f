import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  type Attachment,
  copyAttachment,
  findAttachment,
  readAttachment,
} from "../src/attachment.ts";
import { tempFolder } from "./support/temp.ts";

Deno.test("findAttachment() finds nothing in a program that runs from source", async () => {
  assert.equal(await findAttachment("libonnxruntime.so.1"), undefined);
});

Deno.test("readAttachment()", async (t) => {
  const [attachment, content] = await partOfExecutable();

  await t.step("returns the bytes at the offset", async () => {
    assert.deepEqual(await readAttachment(attachment), content);
  });

  await t.step("refuses an executable that ends too early", async () => {
    await assert.rejects(
      readAttachment({ ...attachment, offset: 2 ** 40 }),
      /Cannot use "part" from ".*": the executable is damaged/,
    );
  });
});

Deno.test("copyAttachment()", async (t) => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const [attachment, content] = await partOfExecutable();

  await t.step("copies the bytes at the offset, once for many", async () => {
    const paths = await Promise.all(
      Array.from({ length: 8 }, () => copyAttachment(attachment, folder)),
    );
    assert.deepEqual(
      [...new Set(paths)],
      [`${folder}/${attachment.sha256}/part`],
    );
    assert.deepEqual(await Deno.readFile(paths[0]!), content);
    assert.deepEqual(await namesIn(folder), [attachment.sha256]);
  });

  await t.step("leaves a copy alone that is there", async () => {
    const path = await copyAttachment(attachment, folder);
    const before = await Deno.stat(path);
    await copyAttachment(attachment, folder);
    assert.deepEqual(await Deno.stat(path), before);
  });

  await t.step("refuses a damaged executable and leaves nothing", async () => {
    const damaged = { ...attachment, sha256: "0".repeat(64) };
    await assert.rejects(
      copyAttachment(damaged, `${folder}/damaged`),
      /Cannot use "part" from ".*": the executable is damaged/,
    );
    assert.deepEqual(await namesIn(`${folder}/damaged`), []);
  });

  await t.step("refuses an executable that ends too early", async () => {
    const beyond = { ...attachment, offset: 2 ** 40 };
    await assert.rejects(
      copyAttachment(beyond, `${folder}/short`),
      /the executable is damaged/,
    );
    assert.deepEqual(await namesIn(`${folder}/short`), []);
  });
});

const OFFSET = 12_345;
/** More than one chunk, and no multiple of one. */
const BYTES = (5 << 19) + 7;

async function partOfExecutable(): Promise<[Attachment, Uint8Array]> {
  using executable = await Deno.open(Deno.execPath());
  await executable.seek(OFFSET, Deno.SeekMode.Start);
  const part = new Uint8Array(BYTES);
  for (let filled = 0; filled < part.length;) {
    filled += await executable.read(part.subarray(filled)) ?? part.length;
  }
  const sha256 = createHash("sha256").update(part).digest("hex");
  return [{ name: "part", offset: OFFSET, bytes: BYTES, sha256 }, part];
}

async function namesIn(folder: string): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names;
}

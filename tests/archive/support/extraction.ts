/**
 * What unpacking an archive comes to.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type ArchiveLimits,
  DEFAULT_ARCHIVE_LIMITS,
  extractArchive,
} from "../../../src/archive/mod.ts";
import { tempFolder } from "../../support/temp.ts";

/** Unpacks an archive and returns the text of each file, by path, in order. */
export async function extracted(
  archive: Uint8Array,
): Promise<Readonly<Record<string, string>>> {
  await using temp = await tempFolder();
  const file = await temp.write("a.mar", archive);
  const folder = `${temp.path}/out`;
  await extractArchive(file, folder);
  return await textsOf(folder);
}

/**
 * Asserts that an archive is refused with all of these words in the message,
 * and that nothing of it is left on disk.
 */
export async function assertRefused(
  archive: Uint8Array,
  words: readonly string[],
  limits: Partial<ArchiveLimits> = {},
): Promise<void> {
  await using temp = await tempFolder();
  const file = await temp.write("hostile.mar", archive);
  const extraction = extractArchive(file, `${temp.path}/out`, {
    limits: { ...DEFAULT_ARCHIVE_LIMITS, ...limits },
  });
  await assert.rejects(extraction, (error: Error) => {
    assert.equal(Reflect.get(error, "code"), "invalid_archive", error.message);
    for (const word of [...words, "hostile.mar"]) {
      assert.ok(error.message.includes(word), `"${word}" in: ${error.message}`);
    }
    return true;
  });
  assert.deepEqual(await namesIn(temp.path), ["hostile.mar"]);
}

/** Returns the names of what lies in a folder, in order. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).toSorted();
}

/** Returns the text of each file in a folder and below, by path, in order. */
export async function textsOf(
  folder: string,
  prefix = "",
): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for (const name of await namesIn(folder)) {
    const path = `${folder}/${name}`;
    if ((await Deno.stat(path)).isDirectory) {
      Object.assign(texts, await textsOf(path, `${prefix}${name}/`));
    } else {
      texts[prefix + name] = await Deno.readTextFile(path);
    }
  }
  return texts;
}

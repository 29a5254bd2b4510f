import assert from "node:assert/strict";
import {
  copyFolder,
  embeddedArchive,
  findEmbedded,
  sha256OfFolder,
} from "../../../src/archive/store/embedded.ts";
import { tempFolder } from "../../support/temp.ts";
import { DIGITS } from "../support/digits_archive.ts";

Deno.test("findEmbedded() finds the digits, and no other name", async () => {
  assert.equal((await findEmbedded("digits"))?.path, DIGITS);
  for (const name of ["", "digit", "Digits", "./digits", "embedded.mar"]) {
    assert.equal(await findEmbedded(name), undefined, name);
  }
});

Deno.test("embeddedArchive() is there only if its file is", async () => {
  await using temp = await tempFolder();
  const archive = {
    name: "embedded",
    path: `${temp.path}/embedded.mar`,
    kind: "archive",
  } as const;
  assert.equal(await embeddedArchive(archive), undefined);
  await temp.write("embedded.mar", "PK");
  assert.deepEqual(await embeddedArchive(archive), archive);
});

Deno.test("copyFolder() copies every file as it is", async () => {
  await using temp = await tempFolder();
  await copyFolder(DIGITS, temp.path);
  assert.equal(await sha256OfFolder(temp.path), await sha256OfFolder(DIGITS));
});

Deno.test("sha256OfFolder() tells names and contents apart", async () => {
  await using temp = await tempFolder();
  const sums = new Set<string>();
  for (
    const [name, content] of [["a", "bc"], ["ab", "c"], ["a", "bd"]] as const
  ) {
    await temp.write(name, content);
    sums.add(await sha256OfFolder(temp.path));
    await Deno.remove(`${temp.path}/${name}`);
  }
  assert.equal(sums.size, 3);
});

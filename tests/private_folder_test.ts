import assert from "node:assert/strict";
import { openPrivateFolder } from "../src/private_folder.ts";
import { tempFolder } from "./support/temp.ts";
import { needing, POSIX } from "./support/needing.ts";

needing(POSIX)("openPrivateFolder()", async (t) => {
  await using temp = await tempFolder();
  const folder = temp.path;

  await t.step(
    "makes a folder and its parents for the user alone",
    async () => {
      await openPrivateFolder(`${folder}/a/b`);
      for (const path of [`${folder}/a`, `${folder}/a/b`]) {
        const { mode } = await Deno.stat(path);
        assert.equal(mode! & 0o777, 0o700, path);
      }
    },
  );

  await t.step("takes one that is there", async () => {
    await openPrivateFolder(`${folder}/a/b`);
  });

  await t.step("refuses one that others can reach", async () => {
    await Deno.chmod(`${folder}/a/b`, 0o750);
    await assert.rejects(
      openPrivateFolder(`${folder}/a/b`),
      /Cannot use folder ".*b": it is not the user's own, or open to others/,
    );
  });

  await t.step("refuses a link", async () => {
    await Deno.symlink(`${folder}/a`, `${folder}/link`);
    await assert.rejects(
      openPrivateFolder(`${folder}/link`),
      Deno.errors.PermissionDenied,
    );
  });
});

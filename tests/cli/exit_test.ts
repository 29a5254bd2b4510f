import assert from "node:assert/strict";
import { tempFolder } from "../support/temp.ts";
import { startMms } from "./support/process.ts";

Deno.test("a command that fails ends with 1 though nobody reads why", async () => {
  await using folder = await tempFolder();
  const args = ["serve", "--model-store", "nowhere"];
  const process = startMms(args, folder.path);
  await Promise.all([process.stdout.cancel(), process.stderr.cancel()]);
  assert.equal((await process.status).code, 1);
});

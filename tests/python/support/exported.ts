/**
 * Archives that programs in Python export, and what their models answer.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openFolder } from "../../../src/archive/mod.ts";
import { loadService } from "../../../src/service/mod.ts";
import { root } from "../../support/paths.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";

/** A place with the program itself, as on the path of a user. */
export async function workplace(): Promise<
  TempFolder & { readonly env: Readonly<Record<string, string>> }
> {
  const folder = await tempFolder();
  const command = await folder.write(
    "bin/mms",
    `#!/bin/sh\nexec '${Deno.execPath()}' run -qA '${root}/main.ts' "$@"\n`,
  );
  await Deno.chmod(command, 0o755);
  return { ...folder, env: { MMS_COMMAND: command } };
}

/** Asks the model in an archive that Python has unpacked. */
export async function answer(folder: string, input: unknown): Promise<unknown> {
  await using cache = await tempFolder();
  const archive = await openFolder(folder);
  await using service = await loadService(archive, {
    threads: 1,
    cacheFolder: cache.path,
  });
  const data = new TextEncoder().encode(JSON.stringify(input));
  const [settled] = await service.predict([{
    requestId: "1",
    headers: {},
    fields: new Map([["body", { contentType: "application/json", data }]]),
  }]);
  assert.equal(settled?.status, "fulfilled");
  return JSON.parse(new TextDecoder().decode(settled.value.body));
}

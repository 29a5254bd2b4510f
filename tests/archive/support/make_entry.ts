/**
 * Run as a process: makes or finds one entry of a cache, notes in a log that
 * it made it, and says what the entry holds.
 *
 * Arguments: the cache's folder, the entry's key, the log.
 *
 * @module
 */

import { Cache } from "../../../src/archive/cache/cache.ts";

const [folder, key, log] = Deno.args;
await using cache = new Cache({ folder });
await using entry = await cache.entry("models", key!, {
  async make(unfinished) {
    await Deno.writeTextFile(log!, "made\n", { append: true });
    await Deno.writeTextFile(`${unfinished}/half`, "a");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await Deno.writeTextFile(`${unfinished}/other half`, "b");
  },
});
const names = await Array.fromAsync(
  Deno.readDir(entry.folder),
  ({ name }) => name,
);
await Deno.stdout.write(
  new TextEncoder().encode(names.toSorted().join(",")),
);

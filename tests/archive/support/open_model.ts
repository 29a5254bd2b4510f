/**
 * Run as a process: opens a model and says where it lies.
 *
 * Arguments: the cache's folder, what to open.
 *
 * @module
 */

import { ModelStore } from "../../../src/archive/mod.ts";

const [cacheDir, reference] = Deno.args;
await using store = new ModelStore({ cacheDir });
await using opened = await store.open(reference!);
await Deno.stdout.write(new TextEncoder().encode(opened.archive.folder));

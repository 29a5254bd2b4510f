/**
 * A front with two workers: prints their process ids, has the second hang, and
 * lives until it is killed.
 */

import { ask, pidOf, registerReady, scriptedRegistry } from "./workload.ts";

const registry = scriptedRegistry();
const idle = await registerReady(registry, { name: "idle" });
const hanging = await registerReady(registry, { name: "hanging" });
const pids = [idle, hanging].map(async (model) => pidOf(await ask(model, "r")));
const line = (await Promise.all(pids)).join(" ") + "\n";
const hung = ask(hanging, "r", {
  type: Deno.args[0] === "wait" ? "wait" : "hang",
});
Deno.stdout.writeSync(new TextEncoder().encode(line));
await hung;

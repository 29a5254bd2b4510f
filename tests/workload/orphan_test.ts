import assert from "node:assert/strict";
import { isAlive, until } from "./support/workload.ts";

const entry = new URL("./support/front.ts", import.meta.url);

/** Starts a front and returns it with the ids of its two workers. */
async function startFront(manner: string) {
  const front = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", entry.href, manner],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = front.stdout.getReader();
  const { value } = await reader.read();
  const pids = new TextDecoder().decode(value).trim().split(" ").map(Number);
  assert.equal(pids.length, 2);
  return {
    pids,
    async kill(): Promise<void> {
      front.kill("SIGKILL");
      await front.status;
      await reader.cancel();
    },
  };
}

// Elsewhere nobody can end a process that never looks up.
const manners = Deno.build.os === "linux" ? ["wait", "hang"] : ["wait"];

for (const manner of manners) {
  Deno.test(`No worker outlives a front that is killed: ${manner}`, async () => {
    const front = await startFront(manner);
    for (const pid of front.pids) assert.ok(await isAlive(pid));
    await front.kill();
    const killed = performance.now();
    for (const pid of front.pids) {
      await until("it is gone", async () => !await isAlive(pid));
    }
    assert.ok(performance.now() - killed < 2000);
  });
}

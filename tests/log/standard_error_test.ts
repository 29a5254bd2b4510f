import assert from "node:assert/strict";
import { fromFileUrl, root } from "../support/paths.ts";

const script = fromFileUrl(new URL("./support/chatter.ts", import.meta.url));

function start(): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script],
    cwd: root,
    env: { NO_COLOR: "" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("the log on standard error", async (t) => {
  await t.step("holds up nothing when nobody reads it", async () => {
    const process = start();
    const told = await new Response(process.stdout).json();
    assert.ok(told.turns > 100, `${told.turns} turns within two seconds`);
    assert.ok(told.dropped > 10_000, `${told.dropped} lines`);
    await process.stderr.cancel();
    assert.equal((await process.status).code, 0);
  });

  await t.step("is complete up to its bound, without colours", async () => {
    const process = start();
    const text = await new Response(process.stderr).text();
    const told = await new Response(process.stdout).json();
    await process.status;
    assert.equal(text.split("\n").length - 1 + told.dropped, 40_000);
    assert.match(text, /^\S+ \[INFO \] main mms\.chatter - A line/);
  });
});

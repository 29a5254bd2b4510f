import assert from "node:assert/strict";
import { gzipFile } from "../../src/log/gzip_file.ts";
import { tempFolder } from "../support/temp.ts";

Deno.test("gzipFile()", async (t) => {
  await t.step("takes the place of the file, at the file's time", async () => {
    await using folder = await tempFolder();
    const path = await folder.write("x.log", "line\n".repeat(50_000));
    await Deno.utime(path, 1_000_000, 1_000_000);
    await gzipFile(path, new AbortController().signal);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    const { mtime, size } = await Deno.stat(`${path}.gz`);
    assert.equal(mtime?.getTime(), 1_000_000_000);
    assert.ok(size < 5000);
  });

  await t.step("leaves the file alone when it is stopped", async () => {
    await using folder = await tempFolder();
    const path = await folder.write("x.log", "x".repeat(1 << 20));
    const controller = new AbortController();
    const done = gzipFile(path, controller.signal);
    controller.abort();
    await assert.rejects(done, { name: "AbortError" });
    assert.equal((await Deno.stat(path)).size, 1 << 20);
    await assert.rejects(Deno.stat(`${path}.gz.part`), Deno.errors.NotFound);
  });

  await t.step("leaves what another process works on", async () => {
    await using folder = await tempFolder();
    const path = await folder.write("x.log", "x");
    const part = await folder.write("x.log.gz.part", "theirs");
    await assert.rejects(
      gzipFile(path, new AbortController().signal),
      Deno.errors.AlreadyExists,
    );
    assert.equal(await Deno.readTextFile(part), "theirs");
  });

  await t.step("leaves the event loop to others", async () => {
    await using folder = await tempFolder();
    const path = await folder.write(
      "x.log",
      "a line of the log\n".repeat(60_000),
    );
    let done = false;
    let turns = 0;
    const work = gzipFile(path, new AbortController().signal)
      .finally(() => done = true);
    while (!done) {
      await new Promise((next) => setTimeout(next, 0));
      turns++;
    }
    await work;
    assert.ok(turns > 60, `${turns} turns for 66 slices`);
  });
});

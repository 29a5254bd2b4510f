import assert from "node:assert/strict";
import { PidFile, readPidFile } from "../../src/cli/serve/pid_file.ts";
import { tempFolder } from "../support/temp.ts";
import { outcome } from "./support/mms.ts";

Deno.test("readPidFile() tells of whoever holds the lock", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/mms.pid`;
  assert.deepEqual(await readPidFile(path), { state: "absent" });
  {
    await using _ = await PidFile.claim(path);
    assert.deepEqual(await readPidFile(path), {
      state: "running",
      pid: Deno.pid,
    });
    assert.equal(await PidFile.claim(path), undefined);
  }
  assert.deepEqual(await readPidFile(path), { state: "absent" });
  await folder.write("mms.pid", `${Deno.pid}\n`);
  assert.deepEqual(await readPidFile(path), { state: "stale" });
});

Deno.test("readPidFile() bears that its owner removes the file meanwhile", async () => {
  await using folder = await tempFolder();
  for (let round = 0; round < 100; round++) {
    const path = `${folder.path}/${round}.pid`;
    await using _ = await PidFile.claim(path);
    // The two meet at another step in each round.
    const remove = async () => {
      for (let step = 0; step < round; step++) await Promise.resolve();
      if (round % 2) await Deno.stat(folder.path);
      await Deno.remove(path);
    };
    const [{ state }] = await Promise.all([readPidFile(path), remove()]);
    assert.match(state, /^(absent|running)$/);
  }
});

for (const args of [["--start"], ["--stop"]]) {
  Deno.test(`mms serve ${args} names --pid-file where the user has no folder`, async () => {
    await using folder = await tempFolder();
    // A file where the folder should be: not even root gets past it.
    const cache = await folder.write("cache", "");
    const env = { XDG_RUNTIME_DIR: "", XDG_CACHE_HOME: cache };
    const { code, err } = await outcome(["serve", ...args], { folder, env });
    assert.equal(code, 1, err);
    assert.match(
      err,
      /^Cannot keep the pid file in ".*cache\/mms": .*, --pid-file .* would be right\n$/,
    );
  });
}

Deno.test("mms serve --start says that --pid-file cannot be written", async () => {
  await using folder = await tempFolder();
  const { code, err } = await outcome(
    ["serve", "--start", "--pid-file", "nowhere/mms.pid"],
    { folder },
  );
  assert.equal(code, 1, err);
  assert.match(err, /^Cannot write .*nowhere\/mms\.pid/);
});

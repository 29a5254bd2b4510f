import assert from "node:assert/strict";
import { join } from "node:path";
import { Cache } from "../../../src/archive/cache/cache.ts";
import { openCacheFolder } from "../../../src/archive/cache/cache_folder.ts";
import { MmsError } from "../../../src/errors.ts";
import { root } from "../../support/paths.ts";
import { tempFolder } from "../../support/temp.ts";

const KEY = "0123456789abcdef".repeat(4);
const OTHER = "f".repeat(64);

function write(text: string): (folder: string) => Promise<void> {
  return (folder) => Deno.writeTextFile(join(folder, "file"), text);
}

Deno.test("Cache.entry()", async (t) => {
  await using temporary = await tempFolder();
  const folder = join(temporary.path, "cache");
  await using cache = new Cache({ folder });

  await t.step("makes an entry that is not there", async () => {
    await using entry = await cache.entry("models", KEY, { make: write("a") });
    assert.equal(entry.folder, join(folder, "models", KEY));
    assert.equal(await Deno.readTextFile(join(entry.folder, "file")), "a");
  });
  await t.step("does not make it again", async () => {
    await using entry = await cache.entry("models", KEY, { make: write("b") });
    assert.equal(await Deno.readTextFile(join(entry.folder, "file")), "a");
  });
  await t.step("keeps everything from other users", async () => {
    if (Deno.build.os === "windows") return;
    for (const path of [join(folder, "models"), join(folder, "models", KEY)]) {
      assert.equal((await Deno.stat(path)).mode! & 0o777, 0o700, path);
    }
  });
  await t.step("leaves nothing behind when making fails", async () => {
    const failing = cache.entry("models", OTHER, {
      async make(unfinished) {
        await write("half")(unfinished);
        throw new MmsError("invalid_archive", "no good");
      },
    });
    await assert.rejects(failing, { code: "invalid_archive" });
    assert.equal(await cache.find("models", OTHER), undefined);
    await assert.rejects(Deno.stat(join(folder, "models", `${OTHER}.tmp`)));
  });
  await t.step("says what the disk refused", async () => {
    const refused = cache.entry("models", OTHER, {
      make: (unfinished) => write("a")(join(unfinished, "missing")),
    });
    await assert.rejects(refused, { code: "io_failed" });
  });
  await t.step("clears away what a killed process left", async () => {
    const left = join(folder, "models", `${OTHER}.tmp`);
    await Deno.mkdir(left);
    await Deno.writeTextFile(join(left, "left"), "over");
    await using entry = await cache.entry("models", OTHER, {
      make: write("c"),
    });
    const names = await Array.fromAsync(
      Deno.readDir(entry.folder),
      ({ name }) => name,
    );
    assert.deepEqual(names, ["file"]);
  });
  await t.step("refuses a key that is a path", async () => {
    await assert.rejects(
      cache.entry("models", "../../x", { make: write("x") }),
      TypeError,
    );
  });
});

Deno.test("Cache.entry() stops waiting for another when told to", async () => {
  await using temporary = await tempFolder();
  await using cache = new Cache({ folder: temporary.path });
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const making = cache.entry("graphs", KEY, {
    async make() {
      started.resolve();
      await finish.promise;
    },
  });
  await started.promise;
  const controller = new AbortController();
  const waiting = cache.entry("graphs", KEY, {
    make: write("never"),
    signal: controller.signal,
  });
  controller.abort();
  await assert.rejects(waiting, { code: "aborted" });
  finish.resolve();
  await (await making)[Symbol.asyncDispose]();
});

Deno.test("two processes make an entry once and both have it whole", async () => {
  await using temporary = await tempFolder();
  const log = join(temporary.path, "log");
  const run = () =>
    new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        join(root, "tests/archive/support/make_entry.ts"),
        join(temporary.path, "cache"),
        KEY,
        log,
      ],
    }).output();
  for (const { stdout, stderr } of await Promise.all([run(), run()])) {
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.equal(new TextDecoder().decode(stdout), "half,other half");
  }
  assert.equal(await Deno.readTextFile(log), "made\n");
});

Deno.test("a cache that is too large", async (t) => {
  await using temporary = await tempFolder();
  const folder = temporary.path;
  await using cache = new Cache({ folder, keepBytes: 25 });
  const key = (digit: number) => String(digit).repeat(64);
  const make = write("ten bytes!");
  const kept = async () =>
    (await Promise.all([1, 2, 3, 4].map(async (digit) => {
      await using entry = await cache.find("models", key(digit));
      return entry === undefined ? [] : [digit];
    }))).flat();
  const lock = (digit: number) => join(folder, "models", `${key(digit)}.lock`);

  await using first = await cache.entry("models", key(1), { make });
  await (await cache.entry("models", key(2), { make }))[Symbol.asyncDispose]();
  await Deno.utime(lock(1), 1, 1);
  await Deno.utime(lock(2), 2, 2);
  await t.step("loses the entry that was not used for longest", async () => {
    await using _third = await cache.entry("models", key(3), { make });
    assert.deepEqual(await kept(), [1, 3]);
  });
  await t.step("keeps an entry that is in use, however old", async () => {
    await Deno.utime(lock(1), 1, 1);
    await Deno.utime(lock(3), 2, 2);
    await using _fourth = await cache.entry("models", key(4), { make });
    assert.deepEqual(await kept(), [1, 4]);
    assert.ok(await Deno.stat(first.folder));
  });
});

Deno.test("Cache.workplace()", async (t) => {
  await using temporary = await tempFolder();
  await using cache = new Cache({ folder: temporary.path });
  await t.step("keeps what is left in it", async () => {
    {
      await using place = await cache.workplace("zoo", KEY);
      await write("part")(place.folder);
    }
    await using place = await cache.workplace("zoo", KEY);
    assert.equal(await Deno.readTextFile(join(place.folder, "file")), "part");
    await Deno.remove(join(place.folder, "file"));
  });
  await t.step("goes when nothing is left in it", async () => {
    await assert.rejects(Deno.stat(join(temporary.path, "zoo", KEY)));
  });
  await t.step("is for one at a time", async () => {
    const order: string[] = [];
    const first = await cache.workplace("zoo", KEY);
    const second = cache.workplace("zoo", KEY).then((place) => {
      order.push("second in");
      return place[Symbol.asyncDispose]();
    });
    order.push("first out");
    await first[Symbol.asyncDispose]();
    await second;
    assert.deepEqual(order, ["first out", "second in"]);
  });
});

Deno.test("openCacheFolder()", async (t) => {
  await using temporary = await tempFolder();
  await t.step("takes a temporary folder in place of a file", async () => {
    const file = join(temporary.path, "file");
    await Deno.writeTextFile(file, "");
    const folder = await openCacheFolder(join(file, "cache"));
    assert.ok(folder.temporary);
    assert.ok((await Deno.stat(folder.path)).isDirectory);
    await Deno.remove(folder.path);
  });
  await t.step(
    "takes one in place of a folder that others can write to",
    async () => {
      if (Deno.build.os === "windows") return;
      const path = join(temporary.path, "open");
      await Deno.mkdir(path);
      await Deno.chmod(path, 0o777);
      const folder = await openCacheFolder(path);
      assert.notEqual(folder.path, path);
      await Deno.remove(folder.path);
    },
  );
  await t.step("takes a folder that others can only read", async () => {
    const path = join(temporary.path, "readable");
    await Deno.mkdir(path, { mode: 0o755 });
    assert.deepEqual(await openCacheFolder(path), { path, temporary: false });
  });
  await t.step("is not asked for before the first entry", async () => {
    const path = join(temporary.path, "unused");
    await (new Cache({ folder: path }))[Symbol.asyncDispose]();
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  });
});

Deno.test("a temporary cache goes away with its owner", async () => {
  const cache = new Cache();
  const entry = await cache.entry("models", KEY, { make: write("a") });
  assert.ok(await Deno.stat(entry.folder));
  await entry[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
  await assert.rejects(Deno.stat(entry.folder), Deno.errors.NotFound);
});

Deno.test("Cache.entry() does not wait for who holds the entry that it wants made", async () => {
  await using folder = await tempFolder();
  const key = "c".repeat(64);
  const caches = [1, 2, 3].map(() => new Cache({ folder: folder.path }));
  let made = 0;
  const make = async () => {
    made++;
    await Promise.resolve();
  };
  const entries = await Promise.all(
    caches.map((cache) => cache.entry("graphs", key, { make })),
  );
  for (const entry of entries) await entry[Symbol.asyncDispose]();
  for (const cache of caches) await cache[Symbol.asyncDispose]();
  assert.equal(made, 1);
});

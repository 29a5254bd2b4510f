import assert from "node:assert/strict";
import { RollingFile } from "../../src/log/rolling_file.ts";
import { tempFolder } from "../support/temp.ts";

/** A log file of its own, whose clock the test turns. */
class Log {
  now = new Date(2018, 9, 14, 12).getTime();
  readonly troubles: string[] = [];
  readonly path: string;
  readonly file: RollingFile;
  readonly #folder: string;

  constructor(folder: string, maxBytes = 100) {
    this.#folder = folder;
    this.path = `${folder}/access_log.log`;
    this.file = new RollingFile(this.path, {
      maxBytes,
      now: () => this.now,
      onTrouble: (doing, error) => this.troubles.push(`${doing}: ${error}`),
    });
  }

  async write(line: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${line}\n`);
    await this.file.prepare(bytes.length);
    assert.equal(await this.file.write(bytes), bytes.length);
  }

  /** Waits until nothing is left to be compressed. */
  async tidied(): Promise<string[]> {
    for (;;) {
      const names = [];
      for await (const { name } of Deno.readDir(this.#folder)) names.push(name);
      const rest = names.filter((name) => name !== "access_log.log");
      if (rest.every((name) => name.endsWith(".gz"))) return names.sort();
      await new Promise((next) => setTimeout(next, 5));
    }
  }
}

async function gunzip(path: string): Promise<string> {
  const stream = (await Deno.open(path)).readable;
  return await new Response(stream.pipeThrough(new DecompressionStream("gzip")))
    .text();
}

Deno.test("RollingFile", async (t) => {
  await t.step("adds to what is there", async () => {
    await using folder = await tempFolder();
    const path = await folder.write("access_log.log", "old\n");
    const log = new Log(folder.path);
    log.now = Date.now();
    await log.write("new");
    await log.file.close();
    assert.equal(await Deno.readTextFile(path), "old\nnew\n");
  });

  await t.step("makes the folder that it is in", async () => {
    await using folder = await tempFolder();
    const log = new Log(`${folder.path}/a/b`);
    await log.write("x");
    await log.file.close();
    assert.equal(await Deno.readTextFile(log.path), "x\n");
  });

  await t.step("begins a new file when it is full", async () => {
    await using folder = await tempFolder();
    const log = new Log(folder.path);
    await log.write("a".repeat(60));
    await log.write("b".repeat(60));
    await log.write("c".repeat(60));
    assert.deepEqual(await log.tidied(), [
      "access_log.14-Oct.1.log.gz",
      "access_log.14-Oct.log.gz",
      "access_log.log",
    ]);
    assert.deepEqual(
      await Promise.all([
        gunzip(`${folder.path}/access_log.14-Oct.log.gz`),
        gunzip(`${folder.path}/access_log.14-Oct.1.log.gz`),
        Deno.readTextFile(log.path),
      ]),
      ["a", "b", "c"].map((letter) => `${letter.repeat(60)}\n`),
    );
    await log.file.close();
    assert.deepEqual(log.troubles, []);
  });

  await t.step("begins a new file every day", async () => {
    await using folder = await tempFolder();
    const log = new Log(folder.path);
    await log.write("sunday");
    log.now += 13 * 3_600_000;
    await log.write("monday");
    assert.deepEqual(await log.tidied(), [
      "access_log.14-Oct.log.gz",
      "access_log.log",
    ]);
    assert.equal(await Deno.readTextFile(log.path), "monday\n");
    await log.file.close();
  });

  await t.step(
    "puts the file of an earlier day aside at the start",
    async () => {
      await using folder = await tempFolder();
      const path = await folder.write("access_log.log", "saturday\n");
      await Deno.utime(path, new Date(), new Date(2018, 9, 13, 12));
      const log = new Log(folder.path);
      await log.write("sunday");
      await log.tidied();
      assert.equal(
        await gunzip(`${folder.path}/access_log.13-Oct.log.gz`),
        "saturday\n",
      );
      await log.file.close();
    },
  );

  await t.step("keeps the five latest, and what is not its own", async () => {
    await using folder = await tempFolder();
    for (let day = 1; day <= 7; day++) {
      const path = await folder.write(`access_log.0${day}-Oct.log.gz`, "x");
      await Deno.utime(path, day, day);
    }
    await folder.write("access_log.01-Oct.log.gz.old.gz", "x");
    await folder.write("model_log.01-Oct.log.gz", "x");
    const log = new Log(folder.path);
    await log.write("a".repeat(60));
    await log.write("b".repeat(60));
    await log.tidied();
    await log.file.close();
    assert.deepEqual(await log.tidied(), [
      "access_log.01-Oct.log.gz.old.gz",
      "access_log.04-Oct.log.gz",
      "access_log.05-Oct.log.gz",
      "access_log.06-Oct.log.gz",
      "access_log.07-Oct.log.gz",
      "access_log.14-Oct.log.gz",
      "access_log.log",
      "model_log.01-Oct.log.gz",
    ]);
  });

  await t.step("goes on with what an earlier process left", async () => {
    await using folder = await tempFolder();
    await folder.write("access_log.13-Oct.log", "left over\n");
    const part = await folder.write("access_log.13-Oct.log.gz.part", "half of");
    await Deno.utime(part, 1, 1);
    const log = new Log(folder.path);
    await log.write("x");
    await log.tidied();
    assert.equal(
      await gunzip(`${folder.path}/access_log.13-Oct.log.gz`),
      "left over\n",
    );
    await log.file.close();
  });

  await t.step("stops compressing when it is closed", async () => {
    await using folder = await tempFolder();
    const content = "x".repeat(1 << 20);
    await folder.write("access_log.13-Oct.log", content);
    const log = new Log(folder.path);
    await log.write("x");
    await log.file.close();
    assert.equal(
      await Deno.readTextFile(`${folder.path}/access_log.13-Oct.log`),
      content,
    );
    assert.deepEqual(log.troubles, []);
  });
});

Deno.test("RollingFile that others move", async (t) => {
  await t.step("is opened again when told", async () => {
    await using folder = await tempFolder();
    const log = new Log(folder.path);
    await log.write("before");
    await Deno.rename(log.path, `${folder.path}/moved`);
    await log.write("between");
    log.file.reopen();
    await log.write("after");
    await log.file.close();
    assert.equal(
      await Deno.readTextFile(`${folder.path}/moved`),
      "before\nbetween\n",
    );
    assert.equal(await Deno.readTextFile(log.path), "after\n");
  });

  await t.step("is begun anew by itself within seconds", async () => {
    await using folder = await tempFolder();
    const log = new Log(folder.path);
    await log.write("before");
    await Deno.remove(log.path);
    log.now += 5000;
    await log.write("after");
    await log.file.close();
    assert.equal(await Deno.readTextFile(log.path), "after\n");
  });

  await t.step("is not put aside twice by two processes", async () => {
    await using folder = await tempFolder();
    const [one, other] = [new Log(folder.path), new Log(folder.path)];
    one.now = other.now = Date.now();
    await one.write("a".repeat(60));
    await other.write("b".repeat(30));
    await one.write("c".repeat(60)); // rolls
    await other.write("d".repeat(60)); // would roll, but joins the new file
    assert.equal((await one.tidied()).length, 2);
    assert.equal(
      await Deno.readTextFile(one.path),
      `${"c".repeat(60)}\n${"d".repeat(60)}\n`,
    );
    await one.file.close();
    await other.file.close();
  });
});

Deno.test("RollingFile that cannot be put aside goes on as it is", async () => {
  await using folder = await tempFolder();
  await Deno.mkdir(`${folder.path}/access_log.14-Oct.log`);
  const log = new Log(folder.path);
  await log.write("a".repeat(60));
  await log.write("b".repeat(60));
  await log.write("c".repeat(30));
  await log.file.close();
  assert.equal(log.troubles.length, 1);
  assert.match(log.troubles[0]!, /^roll the log ".*access_log.log": /);
  assert.match(await Deno.readTextFile(log.path), /^a+\nb+\nc+\n$/);
});

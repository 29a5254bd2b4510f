import assert from "node:assert/strict";
import { type LineTarget, LineWriter } from "../../src/log/line_writer.ts";

/** A target that writes a few bytes at a time, and fails when told to. */
class Paper implements LineTarget {
  text = "";
  writes = 0;
  prepared: number[] = [];
  failure: Error | undefined;
  /** Bytes taken before the failure strikes. */
  room = Infinity;
  closed = false;
  readonly #step: number;
  readonly #decoder = new TextDecoder();

  constructor(step = Infinity) {
    this.#step = step;
  }

  prepare(bytes: number): Promise<void> {
    this.prepared.push(bytes);
    return Promise.resolve();
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.failure !== undefined && this.room === 0) {
      return Promise.reject(this.failure);
    }
    this.writes++;
    const part = bytes.subarray(0, Math.min(this.#step, this.room));
    if (this.failure !== undefined) this.room -= part.length;
    this.text += this.#decoder.decode(part, { stream: true });
    return Promise.resolve(part.length);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** What a writer told. */
class Told {
  readonly delay = 1000;
  readonly troubles: unknown[] = [];
  readonly recoveries: number[] = [];
  readonly onTrouble = (error: unknown) => void this.troubles.push(error);
  readonly onRecovery = (lost: number) => void this.recoveries.push(lost);
}

Deno.test("LineWriter", async (t) => {
  await t.step("writes lines in order, many at a time", async () => {
    const paper = new Paper();
    const writer = new LineWriter(paper, new Told());
    for (let i = 0; i < 100; i++) writer.append(`line ${i}`);
    assert.equal(paper.text, "", "nothing is written on the spot");
    await writer.close();
    assert.equal(paper.writes, 1);
    assert.deepEqual(paper.prepared, [paper.text.length]);
    assert.equal(paper.text.split("\n").length, 101);
    assert.match(paper.text, /^line 0\nline 1\n.*\nline 99\n$/s);
    assert.equal(paper.closed, true);
  });

  await t.step("writes without being asked, after its delay", async () => {
    const paper = new Paper();
    const writer = new LineWriter(paper, { ...new Told(), delay: 1 });
    writer.append("x");
    while (paper.text === "") await new Promise((next) => setTimeout(next, 1));
    assert.equal(paper.text, "x\n");
    await writer.close();
  });

  await t.step("writes at once in a hurry", async () => {
    const paper = new Paper();
    const writer = new LineWriter(paper, { ...new Told(), delay: 3_600_000 });
    writer.append("x");
    writer.hurry();
    while (paper.text === "") await new Promise((next) => setTimeout(next, 1));
    assert.equal(paper.text, "x\n");
    await writer.close();
  });

  await t.step("goes on where a target took only a part", async () => {
    const paper = new Paper(3);
    const writer = new LineWriter(paper, new Told());
    writer.append("ünïcödé, and more of it");
    await writer.close();
    assert.equal(paper.text, "ünïcödé, and more of it\n");
  });
});

Deno.test("LineWriter with a target that fails", async (t) => {
  const paper = new Paper(7);
  const told = new Told();
  const writer = new LineWriter(paper, told);

  await t.step("tells so once", async () => {
    paper.failure = new Error("full");
    paper.room = 5;
    writer.append("first line");
    await writer.flush();
    writer.append("second line");
    await writer.flush();
    await writer.flush();
    assert.deepEqual(told.troubles, [paper.failure]);
    assert.equal(paper.text, "first");
  });

  await t.step(
    "keeps two million characters, and counts the rest",
    async () => {
      const line = "x".repeat(999);
      for (let i = 0; i < 5000; i++) writer.append(line);
      assert.ok(writer.dropped > 2800 && writer.dropped < 3000);
      await writer.flush();
      assert.equal(told.troubles.length, 1);
    },
  );

  await t.step("goes on in the middle of the line when it works", async () => {
    paper.failure = undefined;
    paper.room = Infinity;
    await writer.flush();
    assert.equal(paper.text.slice(0, 23), "first line\nsecond line\n");
    assert.deepEqual(told.recoveries, [writer.dropped]);
  });

  await t.step("tells of new trouble anew", async () => {
    paper.failure = new Error("gone");
    paper.room = 0;
    writer.append("third");
    await writer.close();
    assert.deepEqual(told.troubles.slice(1), [paper.failure]);
  });
});

import assert from "node:assert/strict";
import { FrameReader } from "../../src/workload/protocol/frame_reader.ts";
import { FrameWriter } from "../../src/workload/protocol/frame_writer.ts";
import { rawFrame, written } from "./support/frames.ts";
import { Bytes, joined, SlowSink } from "./support/pipe.ts";

const LIMIT = 1 << 20;

/** All frames of a connection, bodies copied, and how many came at a time. */
async function receiveAll(
  reader: FrameReader,
): Promise<{ readonly header: unknown; readonly body: readonly number[] }[]> {
  const all = [];
  for (;;) {
    const frames = await reader.receive();
    if (frames === undefined) return all;
    for (const { header, body } of frames) {
      all.push({ header, body: [...body] });
    }
  }
}

Deno.test("FrameReader.receive()", async (t) => {
  const bytes = await written((writer) => {
    writer.append(JSON.stringify({ n: 1 }), []);
    writer.append(JSON.stringify({ n: "zwölf" }), [
      new Uint8Array([1, 2]),
      new Uint8Array(),
      new Uint8Array([3]),
    ]);
    writer.append(JSON.stringify(null), [new Uint8Array([9])]);
  });
  const expected = [
    { header: { n: 1 }, body: [] },
    { header: { n: "zwölf" }, body: [1, 2, 3] },
    { header: null, body: [9] },
  ];

  await t.step("gives what was appended, however it is cut", async () => {
    for (let step = 1; step <= bytes.length; step++) {
      const reader = new FrameReader(new Bytes(bytes, step), LIMIT);
      assert.deepEqual(await receiveAll(reader), expected, `${step} at a time`);
    }
  });

  await t.step("gives every frame of one read at once", async () => {
    const reader = new FrameReader(new Bytes(bytes), LIMIT);
    assert.equal((await reader.receive())!.length, 3);
    assert.equal(await reader.receive(), undefined);
  });

  await t.step("takes a frame larger than its first buffer", async () => {
    const body = new Uint8Array(3_000_000).map((_, i) => i);
    const large = joined([rawFrame("1", body), rawFrame("2")]);
    const reader = new FrameReader(new Bytes(large, 65_536), body.length);
    const frames = (await reader.receive())!;
    assert.deepEqual(frames[0]!.body, body);
    assert.deepEqual(frames.map(({ header }) => header), [1, 2]);
  });
});

const HOSTILE: readonly {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly says: RegExp;
}[] = [
  {
    what: "a header of 4 GiB",
    bytes: rawFrame("{}", undefined, { header: 0xffff_ffff }),
    says: /its header is 4294967295 bytes, at most 1048576 are allowed$/,
  },
  {
    what: "a body beyond the limit",
    bytes: rawFrame("{}", undefined, { body: LIMIT + 1 }),
    says: /its body is 1048577 bytes, at most 1048576 are allowed$/,
  },
  {
    what: "a header that is not JSON",
    bytes: rawFrame("{"),
    says: /its header is not JSON in UTF-8$/,
  },
  {
    what: "a header that is not UTF-8",
    bytes: rawFrame(new Uint8Array([0x22, 0xff, 0x22])),
    says: /its header is not JSON in UTF-8$/,
  },
  {
    what: "an empty header",
    bytes: rawFrame(""),
    says: /its header is not JSON in UTF-8$/,
  },
  {
    what: "a header nested a million deep",
    bytes: rawFrame("[".repeat(1 << 20)),
    says: /its header is not JSON in UTF-8$/,
  },
  {
    what: "an end within the prefix",
    bytes: rawFrame("{}").subarray(0, 5),
    says: /the connection ended within it$/,
  },
  {
    what: "an end within the body",
    bytes: rawFrame("{}", undefined, { body: 10 }),
    says: /the connection ended within it$/,
  },
];

for (const { what, bytes, says } of HOSTILE) {
  Deno.test(`FrameReader.receive() refuses ${what}`, async () => {
    const reader = new FrameReader(new Bytes(bytes), LIMIT);
    await assert.rejects(reader.receive(), {
      code: "worker_died",
      message: says,
    });
  });
}

Deno.test("FrameReader.receive() takes no more memory than has arrived", async () => {
  const reader = new FrameReader(
    {
      read(into) {
        asked.push(into.length);
        if (asked.length > 1) return Promise.resolve(null);
        into.set(rawFrame("{}", undefined, { body: 0xffff_ffff }));
        return Promise.resolve(10);
      },
    },
    0xffff_ffff,
  );
  const asked: number[] = [];
  await assert.rejects(reader.receive(), { code: "worker_died" });
  assert.equal(asked.length, 2);
  assert.ok(asked[1]! < 1 << 20, `room for ${asked[1]} bytes`);
});

Deno.test("FrameWriter", async (t) => {
  await t.step("writes on the spot", async () => {
    const sink = new SlowSink();
    const writer = new FrameWriter(sink);
    writer.append("1", []);
    const flushed = writer.flush();
    assert.deepEqual(sink.writes, [rawFrame("1")]);
    await sink.release();
    await flushed;
  });

  await t.step("sends together what comes during a write", async () => {
    const sink = new SlowSink();
    const writer = new FrameWriter(sink);
    writer.append("1", [new Uint8Array([7])]);
    const first = writer.flush();
    writer.append("2", [new Uint8Array([8])]);
    writer.append("3", []);
    const second = writer.flush();
    assert.equal(sink.writes.length, 1);
    await sink.release();
    assert.deepEqual(
      sink.writes[1],
      joined([rawFrame("2", new Uint8Array([8])), rawFrame("3")]),
    );
    await sink.release();
    await Promise.all([first, second]);
  });

  await t.step("goes on where a write stopped short", async () => {
    const sink = new SlowSink(5);
    const writer = new FrameWriter(sink);
    writer.append('"some text"', []);
    const flushed = writer.flush();
    while (sink.writes.length < 4) await sink.release();
    await sink.release();
    await flushed;
    assert.deepEqual(joined(sink.writes), rawFrame('"some text"'));
  });

  await t.step("grows for a large frame", async () => {
    const body = new Uint8Array(5_000_000).map((_, i) => i);
    const bytes = await written((writer) => {
      writer.append("1", []);
      writer.append("2", [body]);
    });
    assert.deepEqual(bytes, joined([rawFrame("1"), rawFrame("2", body)]));
  });

  await t.step("appends nothing of a frame it refuses", async () => {
    const bytes = await written((writer) => {
      writer.append("1", []);
      const header = JSON.stringify("x".repeat(1 << 20));
      assert.throws(() => writer.append(header, []), {
        code: "request_too_large",
      });
      writer.append("2", []);
    });
    assert.deepEqual(bytes, joined([rawFrame("1"), rawFrame("2")]));
  });

  await t.step("tells a lost connection to who flushes", async () => {
    const writer = new FrameWriter({
      write: () => Promise.reject(new Error("gone")),
    });
    writer.append("1", []);
    await assert.rejects(writer.flush(), { message: "gone" });
  });

  await t.step("has nothing to do without frames", async () => {
    const sink = new SlowSink();
    await new FrameWriter(sink).flush();
    assert.equal(sink.writes.length, 0);
  });
});

import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import type { Inputs, Prediction } from "../../src/service/mod.ts";
import type { Load } from "../../src/workload/protocol/messages.ts";
import {
  appendLoad,
  appendPredict,
  appendStop,
  readOrder,
} from "../../src/workload/protocol/orders.ts";
import {
  appendFailed,
  appendHello,
  appendLoaded,
  appendPredicted,
} from "../../src/workload/protocol/replies.ts";
import {
  readHello,
  readReply,
} from "../../src/workload/protocol/reply_reader.ts";
import { crossed } from "./support/frames.ts";
import { emptyArchive } from "./support/workload.ts";

const encoder = new TextEncoder();

function inputs(requestId: string, fields: Record<string, string>): Inputs {
  return {
    requestId,
    headers: { host: "test", "X-Ünicode": "ja" },
    fields: new Map(
      Object.entries(fields).map(([name, text]) => [
        name,
        { contentType: "text/plain", data: encoder.encode(text) },
      ]),
    ),
  };
}

function prediction(changes: Partial<Prediction>): Prediction {
  return {
    status: 200,
    reason: "",
    headers: {},
    contentType: "",
    body: new Uint8Array(),
    ...changes,
  };
}

Deno.test("readOrder()", async (t) => {
  await t.step("gives the batch that was appended", async () => {
    const batch = [
      { inputs: inputs("a", { body: "one", größe: "" }) },
      { inputs: inputs("b", {}) },
      { inputs: inputs("c", { body: "three" }) },
    ];
    for (const isPrompt of [true, false]) {
      const frame = await crossed((writer) =>
        appendPredict(writer, { id: 7, batch, isPrompt })
      );
      assert.deepEqual(readOrder(frame), {
        type: "predict",
        id: 7,
        isPrompt,
        batch: batch.map(({ inputs }) => inputs),
      });
    }
  });

  await t.step("gives the model that is to be loaded", async () => {
    const load: Omit<Load, "type"> = {
      id: 0,
      name: "test",
      handler: "mms:noop",
      service: "python",
      cacheFolder: "/cache",
      runtime: "python",
      threads: 2,
      batchSize: 4,
      maxResponseBytes: 100,
    };
    const archive = { ...emptyArchive("x"), labels: ["a", "ß"] };
    const frame = await crossed((writer) => appendLoad(writer, load, archive));
    assert.deepEqual(readOrder(frame), {
      type: "load",
      load: { type: "load", ...load },
      archive: JSON.parse(JSON.stringify(archive)),
    });
  });

  await t.step("gives the end", async () => {
    const frame = await crossed((writer) => appendStop(writer, 3));
    assert.deepEqual(readOrder(frame), { type: "stop", id: 3 });
  });
});

Deno.test("readHello()", async (t) => {
  await t.step("gives the secret", async () => {
    const frame = await crossed((writer) => appendHello(writer, "s3cret"));
    assert.equal(readHello(frame), "s3cret");
  });

  await t.step("refuses another protocol", () => {
    assert.throws(
      () => readHello(reply({ type: "hello", protocol: 2, secret: "" })),
      {
        code: "worker_died",
        message: "Cannot read a message: its protocol must be 1",
      },
    );
  });
});

Deno.test("readReply()", async (t) => {
  await t.step("gives the answers that were appended", async () => {
    const first = prediction({
      status: 201,
      reason: "Made",
      headers: { dummy: "1" },
      contentType: "text/plain",
      body: encoder.encode("first"),
    });
    const third = prediction({ body: encoder.encode("third") });
    const frame = await crossed((writer) =>
      appendPredicted(writer, 5, {
        ms: 1.25,
        stages: { run: 1 },
        results: [
          { status: "fulfilled", value: first },
          {
            status: "rejected",
            reason: new MmsError("bad_request", "Cannot read it"),
          },
          { status: "fulfilled", value: third },
        ],
      })
    );
    assert.deepEqual(readReply(frame), {
      type: "predicted",
      id: 5,
      ms: 1.25,
      stages: { run: 1 },
      metrics: [],
      answers: [first, new MmsError("bad_request", "Cannot read it"), third],
    });
  });

  await t.step("gives what the service measured itself", () => {
    const metrics = [
      { name: "Size", value: 3, unit: "MB", dimensions: [["Level", "Model"]] },
      { name: "Note", value: "text", requestId: "a,b", dimensions: [] },
    ];
    const read = readReply(
      reply({ type: "predicted", id: 1, ms: 0, metrics, answers: [] }),
    );
    assert.ok(read.type === "predicted");
    assert.deepEqual(read.metrics, metrics);
  });

  await t.step("copies bodies, which outlive the frame", async () => {
    const frame = await crossed((writer) =>
      appendPredicted(writer, 5, {
        ms: 0,
        stages: undefined,
        results: [{
          status: "fulfilled",
          value: prediction({ body: new Uint8Array([1, 2]) }),
        }],
      })
    );
    const read = readReply(frame);
    frame.body.fill(0);
    assert.ok(read.type === "predicted");
    assert.deepEqual(
      read.answers[0],
      prediction({ body: new Uint8Array([1, 2]) }),
    );
  });

  await t.step("gives loaded and failed", async () => {
    const loaded = await crossed((writer) => appendLoaded(writer, 1));
    assert.deepEqual(readReply(loaded), { type: "loaded", id: 1 });
    const service = { name: "mms:image", reason: "it was asked for" };
    const told = await crossed((writer) => appendLoaded(writer, 1, service));
    assert.deepEqual(readReply(told), { type: "loaded", id: 1, service });
    const failed = await crossed((writer) =>
      appendFailed(writer, 2, { code: "invalid_model", message: "Cannot" })
    );
    assert.deepEqual(readReply(failed), {
      type: "failed",
      id: 2,
      error: new MmsError("invalid_model", "Cannot"),
    });
  });

  await t.step("hides what a service threw of its own", async () => {
    const frame = await crossed((writer) =>
      appendPredicted(writer, 5, {
        ms: 0,
        stages: undefined,
        results: [
          { status: "rejected", reason: new Error("secret path") },
          { status: "rejected", reason: new MmsError("forbidden", "secret") },
          {
            status: "rejected",
            reason: new RangeError("Array buffer allocation failed"),
          },
        ],
      })
    );
    const read = readReply(frame);
    assert.ok(read.type === "predicted");
    assert.deepEqual(read.answers, [
      new MmsError("prediction_failed", "Prediction failed"),
      new MmsError("prediction_failed", "Prediction failed"),
      new MmsError("out_of_memory", "Out of resources"),
    ]);
  });

  await t.step("takes a status that HTTP has not for a 500", () => {
    for (const status of [-1, 99, 199, 600, 1000, 2.5, "200", null]) {
      const [answer] = answersTo([{ status, length: 0 }]);
      assert.deepEqual(answer, prediction({ status: 500 }), String(status));
    }
  });

  await t.step("refuses alone an answer that HTTP cannot say", () => {
    const answers = answersTo([
      { headers: { "x-a": "one\r\nx-b: two" }, length: 0 },
      { headers: { "x a": "1" }, length: 0 },
      { reason: "no\nway", length: 0 },
      { contentType: "text/plain\u0000", length: 0 },
      { length: 0 },
    ]);
    const says = (what: string) =>
      new MmsError(
        "prediction_failed",
        `Cannot send the model's answer: its ${what} has characters that HTTP does not allow`,
      );
    assert.deepEqual(answers, [
      says('header "x-a"'),
      says('header "x a"'),
      says("reason"),
      says("content type"),
      prediction({}),
    ]);
  });
});

const HOSTILE: readonly (readonly [unknown, string])[] = [
  [null, "header must be an object"],
  [[], "header must be an object"],
  [{ type: "loaded" }, "id must be an integer, 0 or more"],
  [{ type: "loaded", id: 1.5 }, "id must be an integer, 0 or more"],
  [{ type: "hello", id: 1 }, 'type must be "loaded", "predicted" or "failed"'],
  [{ type: "failed", id: 1 }, "error must be an object"],
  [
    { type: "failed", id: 1, error: { code: "unauthorized", message: "" } },
    "error code must be one that a worker may blame",
  ],
  [{ type: "predicted", id: 1, answers: [] }, "ms must be a number, 0 or more"],
  [
    { type: "predicted", id: 1, ms: 0, answers: {} },
    "answers must be an array",
  ],
  [
    { type: "predicted", id: 1, ms: 0, answers: [{ length: -1 }] },
    "answer length must be an integer, 0 or more",
  ],
  [
    { type: "predicted", id: 1, ms: 0, answers: [{ length: 4 }] },
    "answer length must be within the body",
  ],
  [
    { type: "predicted", id: 1, ms: 0, answers: [{ length: 0, headers: [] }] },
    "answer headers must be an object",
  ],
  [
    {
      type: "predicted",
      id: 1,
      ms: 0,
      answers: [{ length: 0, headers: { a: 1 } }],
    },
    "answer headers must be text",
  ],
  [
    { type: "predicted", id: 1, ms: 0, metrics: [{ value: 1 }], answers: [] },
    "metric name must be text",
  ],
  [
    {
      type: "predicted",
      id: 1,
      ms: 0,
      metrics: [{ name: "x", value: null }],
      answers: [],
    },
    "metric value must be a number or text",
  ],
  [
    { type: "predicted", id: 1, ms: 0, stages: { run: "x" }, answers: [] },
    "stage must be a number, 0 or more",
  ],
];

for (const [header, says] of HOSTILE) {
  Deno.test(`readReply() refuses ${JSON.stringify(header)}`, () => {
    assert.throws(() => readReply(reply(header)), {
      code: "worker_died",
      message: `Cannot read a message: its ${says}`,
    });
  });
}

function reply(header: unknown) {
  return { header, body: new Uint8Array([1, 2, 3]) };
}

function answersTo(answers: unknown) {
  const read = readReply(reply({ type: "predicted", id: 1, ms: 0, answers }));
  assert.ok(read.type === "predicted");
  return read.answers;
}

import assert from "node:assert/strict";
import { pythonTest } from "./support/python.ts";
import { type ServiceServer, serviceServer } from "./support/service_server.ts";

const TEXT = { "content-type": "text/plain" };

/** Has the rude service do something. */
function tell(server: ServiceServer, deed: string, model = "rude") {
  return server.ask(model, { body: deed, headers: TEXT });
}

async function statusAndMessage(
  server: ServiceServer,
  deed: string,
  model?: string,
): Promise<readonly [number, string]> {
  const { status, text } = await tell(server, deed, model);
  return [status, JSON.parse(text).message];
}

async function isWell(server: ServiceServer, model?: string): Promise<void> {
  const { status, text } = await tell(server, "how are you", model);
  assert.deepEqual([status, text], [200, "how are you"]);
}

pythonTest("a Python service that ends its process", async (t) => {
  await using server = await serviceServer();
  await server.register("rude");
  await server.register("noop-v1.0");

  for (
    const [deed, end] of [
      ["leave", /it ended with code 3/],
      ["leave_politely", /it ended with code 1: leaving/],
      ["crash", /it was ended by SIG/],
    ] as const
  ) {
    await t.step(`by ${deed} fails alone, and is there again`, async () => {
      assert.deepEqual(await statusAndMessage(server, deed), [
        500,
        "Worker died.",
      ]);
      await server.logged(end);
      await isWell(server);
    });
  }

  await t.step("leaves other models alone", async () => {
    const asked = [tell(server, "leave"), server.ask("noop", { body: "x" })];
    const [left, answered] = await Promise.all(asked);
    assert.deepEqual([left!.status, answered!.status], [500, 200]);
  });

  await t.step("because it took too long is replaced: 504", async () => {
    await server.register("rude", { model_name: "slow", response_timeout: 1 });
    assert.deepEqual(await statusAndMessage(server, "hang", "slow"), [
      504,
      "Prediction timed out",
    ]);
    await isWell(server, "slow");
  });
});

pythonTest("a Python service that misbehaves", async (t) => {
  await using server = await serviceServer();
  await server.register("rude");

  await t.step(
    "by raising is told of, and its author shown where",
    async () => {
      assert.deepEqual(await statusAndMessage(server, "fail"), [
        503,
        "Prediction failed",
      ]);
      await server.logged(/rude\.py", line \d+, in fail/);
      await server.logged(/ValueError: the deed was to fail/);
    },
  );

  await t.step("by an answer of another shape than its batch's", async () => {
    const wrong = "Invalid model predict output";
    assert.deepEqual(await statusAndMessage(server, "answer_tuple"), [
      503,
      wrong,
    ]);
    assert.deepEqual(await statusAndMessage(server, "shorten"), [
      503,
      "number of batch response mismatched",
    ]);
    assert.deepEqual(await statusAndMessage(server, "answer_object"), [
      503,
      "Unsupported model output data type.",
    ]);
  });

  await t.step("by an answer that is too large", async () => {
    assert.deepEqual(await statusAndMessage(server, "answer_much"), [
      507,
      "Cannot answer with 10000000 bytes: at most 6553500 are allowed",
    ]);
  });

  await t.step("by a number for a header and no status at all", async () => {
    const { status, headers, text } = await tell(server, "answer_odd_header");
    assert.deepEqual([status, text], [500, "odd"]);
    assert.equal(headers.get("x-number"), "7");
  });

  await t.step("by noise on its outputs is only logged", async () => {
    const { status, text } = await tell(server, "chat");
    assert.deepEqual([status, text], [200, "1 ''"]);
    await server.logged(/\[INFO \] W-rude-1-stdout .*MMS worker started\./);
  });

  await t.step("by a fork that comes back answers once", async () => {
    const { status, text } = await tell(server, "fork");
    assert.equal(status, 200);
    assert.match(text, /^\d+$/);
    await isWell(server);
  });

  await t.step("by closing its outputs goes on", async () => {
    assert.equal((await tell(server, "close_outputs")).text, "closed");
    await tell(server, "fail");
    await isWell(server);
  });

  await t.step("writes JSON as Python does", async () => {
    const { text, headers } = await tell(server, "answer_json");
    assert.equal(headers.get("content-type"), null);
    assert.equal(
      text,
      '{\n  "a": [\n    1,\n    null,\n    NaN\n  ],\n  "b": "\\u00e9"\n}',
    );
  });

  await t.step(
    "answers callers of all sizes at once, each its own",
    async () => {
      const texts = [0, 1, 1000, 262_136, 262_144, 1_000_000, 6_000_000].map(
        (length, i) => String(i).repeat(length),
      );
      const answers = await Promise.all(
        texts.map((text) => tell(server, text)),
      );
      // No assertion on texts of this size: it would print them.
      assert.ok(answers.every(({ text }, i) => text === texts[i]));
    },
  );

  await t.step("by a thread left running is stopped all the same", async () => {
    assert.equal((await tell(server, "start_thread")).text, "started");
    const { status } = await server.manage("DELETE", "/models/rude");
    assert.equal(status, 200);
  });
});

pythonTest("a batch of a Python service", async (t) => {
  await using server = await serviceServer();
  await server.register("rude", { batch_size: 4, max_batch_delay: 2000 });
  const tellAll = (deeds: readonly string[]) =>
    Promise.all(deeds.map((deed) => tell(server, deed)));

  await t.step("that raises tells each caller so", async () => {
    const answers = await tellAll(["a", "fail", "b", "c"]);
    for (const { status, text } of answers) {
      assert.equal(status, 503);
      assert.equal(JSON.parse(text).message, "Prediction failed");
    }
  });

  await t.step("that raises with a status gives it to each", async () => {
    const answers = await tellAll(["a", "b", "fail_badly", "c"]);
    for (const { status, text } of answers) {
      assert.equal(status, 404);
      assert.equal(JSON.parse(text).message, "<no> such thing");
    }
  });

  await t.step("answers each caller its own", async () => {
    const answers = await tellAll(["a", "b", "c", "d"]);
    assert.deepEqual(answers.map(({ text }) => text), ["a", "b", "c", "d"]);
  });

  await t.step("with one that is no JSON answers the others", async () => {
    const broken = server.ask("rude", {
      body: "{bad",
      headers: { "content-type": "application/json" },
    });
    const answers = await tellAll(["a", "b", "c"]);
    assert.deepEqual(answers.map(({ text }) => text), ["a", "b", "c"]);
    const { status, text } = await broken;
    assert.equal(status, 400);
    assert.match(
      JSON.parse(text).message,
      /^Cannot read "body": it is not JSON/,
    );
  });
});

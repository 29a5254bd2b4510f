import assert from "node:assert/strict";
import type { LogEvent } from "../../src/log/event.ts";
import { JsonLayout } from "../../src/log/json_layout.ts";
import { BriefLayout, TextLayout } from "../../src/log/text_layout.ts";

const event: LogEvent = {
  time: new Date(2018, 9, 14, 16, 59, 59, 926).getTime(),
  level: "warning",
  logger: "mms.workload",
  message: "Retry worker",
};

Deno.test("TextLayout", async (t) => {
  const layout = new TextLayout({ color: false });

  await t.step("writes lines as MMS does", () => {
    assert.equal(
      layout.full(event),
      "2018-10-14T16:59:59,926 [WARN ] main mms.workload - Retry worker",
    );
    assert.equal(layout.bare(event), "2018-10-14T16:59:59,926 - Retry worker");
  });

  await t.step("names the stream of a worker in the thread's place", () => {
    assert.equal(
      layout.full({ ...event, level: "info", thread: "W-m-1-stdout" }),
      "2018-10-14T16:59:59,926 [INFO ] W-m-1-stdout mms.workload - Retry worker",
    );
  });

  await t.step("names the request in the thread's place", () => {
    assert.equal(
      layout.full({ ...event, requestId: "r-1" }),
      "2018-10-14T16:59:59,926 [WARN ] r-1 mms.workload - Retry worker",
    );
  });

  await t.step("colours the level where it may", () => {
    assert.equal(
      new TextLayout({ color: true }).full(event),
      "2018-10-14T16:59:59,926 [\x1b[33mWARN \x1b[39m] main mms.workload - Retry worker",
    );
  });
});

Deno.test("BriefLayout", async (t) => {
  const layout = new BriefLayout({ color: false });

  await t.step("says the level and the message", () => {
    assert.equal(layout.full(event), "Warning: Retry worker");
  });

  await t.step("leaves out what goes without saying", () => {
    assert.equal(layout.full({ ...event, level: "info" }), "Retry worker");
  });
});

Deno.test("JsonLayout", async (t) => {
  const layout = new JsonLayout();
  const parse = (changes: Partial<LogEvent>) =>
    JSON.parse(layout.full({ ...event, ...changes }));

  await t.step("writes one object", () => {
    assert.deepEqual(
      parse({ requestId: "r", message: "a\nb", fields: { status: 200 } }),
      {
        time: new Date(event.time).toISOString(),
        level: "warning",
        logger: "mms.workload",
        requestId: "r",
        message: "a\nb",
        status: 200,
      },
    );
  });

  await t.step("keeps its own names from being taken by fields", () => {
    const text = layout.full({
      ...event,
      fields: { level: "info", message: "x" },
    });
    assert.equal(text.match(/"level"/g)?.length, 1);
    assert.equal(JSON.parse(text).message, "Retry worker");
  });

  await t.step("writes what JSON has no words for", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const fields = { big: 1n, circle, gone: undefined, error: new Error("e") };
    const { big, circle: text, error, ...rest } = parse({ fields });
    assert.equal(big, "1");
    assert.equal(text, "[object Object]");
    assert.match(error, /^Error: e\n/);
    assert.equal("gone" in rest, false);
  });
});

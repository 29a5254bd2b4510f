import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  decodeBody,
  encodeAnswer,
} from "../../src/server/exchange/content_coding.ts";
import { textAnswer } from "./support/listeners.ts";

const LIMIT = 1000;
const TEXT = "a long and repetitive text ".repeat(30);
const encoder = new TextEncoder();

Deno.test("decodeBody() undoes gzip, of one member and of several", async () => {
  const one = gzipSync(TEXT);
  const two = new Uint8Array([
    ...gzipSync(TEXT.slice(0, 9)),
    ...gzipSync(TEXT.slice(9)),
  ]);
  for (const body of [one, two]) {
    const decoded = await decodeBody(body, "GZIP", LIMIT);
    assert.equal(new TextDecoder().decode(decoded), TEXT);
  }
});

Deno.test("decodeBody() leaves a body that is not coded", async () => {
  const body = encoder.encode("x");
  assert.equal(await decodeBody(body, "identity", LIMIT), body);
});

Deno.test("decodeBody() refuses", async (t) => {
  await t.step("what inflates beyond the limit", async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000));
    await assert.rejects(decodeBody(bomb, "gzip", LIMIT), {
      code: "request_too_large",
    });
  });

  for (
    const [what, body, coding] of [
      ["what is no gzip", encoder.encode("nonsense"), "gzip"],
      ["gzip that ends early", gzipSync(TEXT).subarray(0, 20), "gzip"],
      ["other codings", encoder.encode("x"), "br"],
      ["two codings", gzipSync("x"), "gzip, gzip"],
    ] as const
  ) {
    await t.step(what, async () => {
      await assert.rejects(decodeBody(body, coding, LIMIT), {
        code: "bad_request",
      });
    });
  }
});

const LONG = textAnswer("long ".repeat(1000));

Deno.test("encodeAnswer() compresses where that is asked for", async (t) => {
  for (const accepted of ["gzip", "br, GZIP;q=0.5", "deflate, x-gzip"]) {
    await t.step(`with ${accepted}`, async () => {
      const { headers, body } = await encodeAnswer(LONG, accepted);
      assert.deepEqual(headers, {
        "content-encoding": "gzip",
        vary: "accept-encoding",
      });
      assert.deepEqual(new Uint8Array(gunzipSync(body)), LONG.body);
    });
  }

  for (
    const accepted of ["identity", "br", "gzip;q=0", "gzip; q=0.000", "gzipped"]
  ) {
    await t.step(`but not with ${accepted}`, async () => {
      assert.equal(await encodeAnswer(LONG, accepted), LONG);
    });
  }
});

Deno.test("encodeAnswer() leaves what is not worth it", async (t) => {
  for (
    const [what, answer] of [
      ["short answers", textAnswer("short")],
      ["pictures", { ...LONG, contentType: "image/jpeg" }],
      ["what is coded already", {
        ...LONG,
        headers: { "Content-Encoding": "br" },
      }],
      ["2 MB", textAnswer("x".repeat(2 << 20))],
    ] as const
  ) {
    await t.step(what, async () => {
      assert.equal(await encodeAnswer(answer, "gzip"), answer);
    });
  }
});

import assert from "node:assert/strict";
import {
  type ByteSource,
  readAnswer,
  writeGet,
} from "../../../src/archive/download/download_http1.ts";

/** Hands out a text, `step` bytes at a time. */
function source(text: string, step = 7): ByteSource {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return {
    read(buffer) {
      if (at === bytes.length) return Promise.resolve(null);
      const chunk = bytes.subarray(at, at + Math.min(step, buffer.length));
      buffer.set(chunk);
      at += chunk.length;
      return Promise.resolve(chunk.length);
    },
  };
}

async function bodyText(text: string, step?: number): Promise<string> {
  const { body } = await readAnswer(source(text, step));
  const decoder = new TextDecoder();
  return (await Array.fromAsync(
    body,
    (chunk) => decoder.decode(chunk, { stream: true }),
  )).join("");
}

Deno.test("writeGet() writes a request that ends with its answer", () => {
  const bytes = writeGet(new URL("http://h:81/a%20b?c#d"), {
    range: "bytes=1-",
  });
  assert.equal(
    new TextDecoder().decode(bytes),
    "GET /a%20b?c HTTP/1.1\r\nhost: h:81\r\nconnection: close\r\nrange: bytes=1-\r\n\r\n",
  );
});

Deno.test("writeGet() refuses a header of two lines", () => {
  assert.throws(
    () => writeGet(new URL("http://h/"), { "if-range": "a\r\nb: c" }),
    TypeError,
  );
});

Deno.test("readAnswer()", async (t) => {
  await t.step("reads status, reason and headers", async () => {
    const answer = await readAnswer(source(
      'HTTP/1.1 404 Not here\r\nETag:  "x" \r\nA: 1\r\nA: 2\r\ncontent-length: 0\r\n\r\n',
    ));
    assert.equal(answer.status, 404);
    assert.equal(answer.statusText, "Not here");
    assert.equal(answer.headers.get("etag"), '"x"');
    assert.equal(answer.headers.get("a"), "1");
  });
  for (const step of [1, 2, 7, 1000]) {
    await t.step(
      `reads a body of known length, ${step} bytes at a time`,
      async () => {
        const text =
          "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world, and more";
        assert.equal(await bodyText(text, step), "hello world");
      },
    );
    await t.step(`reads chunks, ${step} bytes at a time`, async () => {
      const text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n, and more\r\n0\r\nTrailer: 1\r\n\r\n";
      assert.equal(await bodyText(text, step), "hello, and more");
    });
  }
  await t.step("reads a body up to the connection's end", async () => {
    assert.equal(
      await bodyText("HTTP/1.0 200 OK\r\n\r\nall of it"),
      "all of it",
    );
  });
  await t.step("skips interim answers", async () => {
    const answer = await readAnswer(source(
      "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 304 \r\ncontent-length: 9\r\n\r\n",
    ));
    assert.equal(answer.status, 304);
    assert.deepEqual(await Array.fromAsync(answer.body), []);
  });
});

Deno.test("readAnswer() refuses", async (t) => {
  const ok = "HTTP/1.1 200 OK\r\n";
  const broken: Readonly<Record<string, string>> = {
    "another protocol": "SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "an empty answer": "",
    "a head that is cut off": `${ok}content-le`,
    "a header without a name": `${ok}: x\r\n\r\n`,
    "a folded header": `${ok}a: 1\r\n b: 2\r\n\r\n`,
    "a length that is none": `${ok}content-length: -1\r\n\r\n`,
    "a coding that nobody asked for":
      `${ok}transfer-encoding: gzip, chunked\r\n\r\n`,
    "a body that is cut off": `${ok}content-length: 5\r\n\r\nfour`,
    "a chunk without a size": `${ok}transfer-encoding: chunked\r\n\r\nx\r\n`,
    "a chunk that is too long":
      `${ok}transfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n`,
    "chunks without an end":
      `${ok}transfer-encoding: chunked\r\n\r\n1\r\na\r\n`,
    "a line without an end": ok + "a".repeat(200_000),
    "a head without an end": ok + "a: b\r\n".repeat(20_000),
    "a size that no memory has": `${ok}transfer-encoding: chunked\r\n\r\n${
      "F".repeat(20)
    }\r\n`,
  };
  for (const [what, text] of Object.entries(broken)) {
    await t.step(what, async () => {
      await assert.rejects(bodyText(text, 5000), Error);
    });
  }
});

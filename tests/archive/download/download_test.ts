import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  download,
  type DownloadOptions,
} from "../../../src/archive/download/download.ts";
import { DownloadError } from "../../../src/archive/download/download_error.ts";
import {
  DEFAULT_DOWNLOAD_LIMITS,
  type DownloadContext,
  type Progress,
} from "../../../src/archive/download/download_options.ts";
import { parseAllowedUrls } from "../../../src/archive/download/download_rules.ts";
import { tempFolder } from "../../support/temp.ts";
import {
  type Answerer,
  cutOff,
  fileServer,
  wholeFile,
} from "../support/file_server.ts";

const BYTES = new Uint8Array(300_000).map((_, i) => i * 31 % 251);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");
const EXPECTED = { sha256: SHA256, bytes: BYTES.length };

function context(options: Partial<DownloadContext> = {}): DownloadContext {
  return {
    rules: parseAllowedUrls("http://127\\.0\\.0\\.1:.*"),
    limits: { ...DEFAULT_DOWNLOAD_LIMITS, retryPause: 5 },
    env: () => undefined,
    caCertificates: [],
    ...options,
  };
}

/** Answers each request in its own way, the last of them for good. */
function inTurn(...answerers: readonly Answerer[]): Answerer {
  let turn = 0;
  return (request, response) =>
    answerers[Math.min(turn++, answerers.length - 1)]!(request, response);
}

async function fetchFrom(
  answer: Answerer,
  options: Partial<DownloadOptions> = {},
) {
  await using server = await fileServer(answer);
  await using folder = await tempFolder();
  const url = new URL(`${server.url}/model.onnx`);
  const result = await download(url, folder.path, {
    context: context(),
    ...options,
  });
  return {
    ...result,
    bytes: result.path && await Deno.readFile(result.path),
    seen: server.seen,
  };
}

async function failureFrom(
  answer: Answerer,
  options: Partial<DownloadOptions> = {},
): Promise<DownloadError> {
  try {
    await fetchFrom(answer, options);
  } catch (error) {
    assert.ok(error instanceof DownloadError, String(error));
    return error;
  }
  assert.fail("it was downloaded");
}

function status(code: number, headers: Record<string, string> = {}): Answerer {
  return (_request, response) => void response.writeHead(code, headers).end();
}

Deno.test("download()", async (t) => {
  await t.step(
    "has the whole file, its checksum and its progress",
    async () => {
      const seen: Progress[] = [];
      const progress = (it: Progress) => void seen.push(it);
      const { bytes, sha256 } = await fetchFrom(wholeFile(BYTES), {
        progress,
        expected: EXPECTED,
      });
      assert.deepEqual(bytes, BYTES);
      assert.equal(sha256, SHA256);
      assert.deepEqual(seen.at(-1), {
        what: "model.onnx",
        done: BYTES.length,
        total: BYTES.length,
      });
    },
  );
  await t.step("goes on where the connection broke off", async () => {
    const { bytes, seen } = await fetchFrom(
      inTurn(cutOff(BYTES, 250_000), wholeFile(BYTES)),
    );
    assert.deepEqual(bytes, BYTES);
    assert.match(String(seen[1]?.headers["range"]), /^bytes=[1-9]\d*-$/);
    assert.equal(seen[1]?.headers["if-range"], '"one"');
  });
  await t.step("begins anew when the file has changed since", async () => {
    const { bytes } = await fetchFrom(
      inTurn(cutOff(new Uint8Array(9000), 5000), wholeFile(BYTES, '"two"')),
    );
    assert.deepEqual(bytes, BYTES);
  });
  await t.step("begins anew when the server cannot go on", async () => {
    const { bytes } = await fetchFrom(
      inTurn(cutOff(BYTES, 250_000), status(416), wholeFile(BYTES)),
    );
    assert.deepEqual(bytes, BYTES);
  });
  await t.step("mends what came damaged before", async () => {
    const damaged = BYTES.map((value) => value ^ 1);
    const { bytes, seen } = await fetchFrom(
      inTurn(cutOff(damaged, 250_000), wholeFile(BYTES)),
      { expected: EXPECTED },
    );
    assert.deepEqual(bytes, BYTES);
    assert.equal(seen.length, 3);
  });
  await t.step(
    "tries again after 503, and waits as long as it is told",
    async () => {
      const { bytes, seen } = await fetchFrom(
        inTurn(
          status(503, { "retry-after": "0" }),
          status(500),
          wholeFile(BYTES),
        ),
      );
      assert.deepEqual(bytes, BYTES);
      assert.equal(seen.length, 3);
    },
  );
});

Deno.test("download() gives up", async (t) => {
  const limits = { ...DEFAULT_DOWNLOAD_LIMITS, retryPause: 1, retries: 2 };
  await t.step("after so many tries", async () => {
    const error = await failureFrom(status(503), {
      context: context({ limits }),
    });
    assert.deepEqual(error.reason, {
      kind: "status",
      status: 503,
      retryAfter: 0,
    });
    assert.match(
      error.message,
      /^Cannot download "http:\/\/127\.0\.0\.1:\d+\/model\.onnx": the server answered 503 Service Unavailable$/,
    );
  });
  await t.step("at once where another try cannot help", async () => {
    await using server = await fileServer(status(404));
    await using folder = await tempFolder();
    const failing = download(new URL(server.url), folder.path, {
      context: context(),
    });
    await assert.rejects(failing, /the server answered 404 Not Found$/);
    assert.equal(server.seen.length, 1);
  });
  await t.step("on a wrong checksum", async () => {
    const wrong = BYTES.toReversed();
    const error = await failureFrom(wholeFile(wrong), { expected: EXPECTED });
    assert.deepEqual(error.reason, { kind: "content" });
    assert.ok(error.message.endsWith(`, ${SHA256} would be right`));
  });
  await t.step("on a file that stays too short", async () => {
    const error = await failureFrom(wholeFile(BYTES.subarray(0, 10)), {
      expected: EXPECTED,
      context: context({ limits }),
    });
    assert.ok(
      error.message.endsWith(": it has 10 bytes, 300000 would be right"),
    );
  });
  await t.step("on a connection that always breaks", async () => {
    const error = await failureFrom(cutOff(BYTES, 10), {
      context: context({ limits }),
    });
    assert.deepEqual(error.reason, { kind: "broken" });
  });
  await t.step("on a server that does not answer", async () => {
    const error = await failureFrom(() => {}, {
      context: context({ limits: { ...limits, connectTimeout: 40 } }),
    });
    assert.deepEqual(error.reason, { kind: "timeout" });
  });
  await t.step("on a server that falls silent", async () => {
    const error = await failureFrom((_request, response) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("half");
    }, { context: context({ limits: { ...limits, stallTimeout: 40 } }) });
    assert.deepEqual(error.reason, { kind: "timeout" });
  });
  await t.step("on a file that says it is too large", async () => {
    const error = await failureFrom(wholeFile(BYTES), {
      context: context({ limits: { ...limits, maxBytes: 1000 } }),
    });
    assert.ok(error.message.endsWith(": it is larger than 1000 bytes"));
  });
  await t.step("on a file that turns out to be too large", async () => {
    const error = await failureFrom(
      (_request, response) => void response.end(BYTES),
      { context: context({ limits: { ...limits, maxBytes: 1000 } }) },
    );
    assert.ok(error.message.endsWith(": it is larger than 1000 bytes"));
  });
  await t.step("on a file for which the disk has no room", async () => {
    const failing = fetchFrom((_request, response) => {
      response.writeHead(200, { "content-length": 2 ** 50 }).write("a");
    }, { context: context({ limits: { ...limits, maxBytes: 2 ** 52 } }) });
    await assert.rejects(failing, { code: "io_failed" });
  });
  await t.step("when it is told to, and keeps what has come", async () => {
    await using server = await fileServer((_request, response) => {
      response.writeHead(200, { etag: '"one"', "content-length": 10 });
      response.write("half");
    });
    await using folder = await tempFolder();
    const controller = new AbortController();
    const failing = download(new URL(server.url), folder.path, {
      context: context(),
      signal: controller.signal,
      progress: () => controller.abort(),
    });
    await assert.rejects(failing, { code: "aborted" });
    assert.equal(await Deno.readTextFile(`${folder.path}/part`), "half");
  });
  await t.step("where nobody listens", async () => {
    await using folder = await tempFolder();
    const failing = download(new URL("http://127.0.0.1:1/x"), folder.path, {
      context: context({ limits }),
    });
    await assert.rejects(failing, { code: "download_failed" });
  });
  await t.step(
    "on a host that does not exist, without another try",
    async () => {
      await using folder = await tempFolder();
      const failing = download(
        new URL("http://no.such.invalid/x"),
        folder.path,
        {
          context: context({ rules: parseAllowedUrls(".*") }),
        },
      );
      await assert.rejects(failing, (error) => {
        assert.ok(error instanceof DownloadError);
        assert.deepEqual(error.reason, { kind: "unreachable" });
        return true;
      });
    },
  );
});

Deno.test("download() goes on in the next process", async () => {
  await using folder = await tempFolder();
  const limits = { ...DEFAULT_DOWNLOAD_LIMITS, retries: 0 };
  {
    await using server = await fileServer(cutOff(BYTES, 250_000));
    const failing = download(new URL(server.url), folder.path, {
      context: context({ limits }),
    });
    await assert.rejects(failing, { code: "download_failed" });
  }
  await using server = await fileServer(wholeFile(BYTES));
  await download(new URL(server.url), folder.path, { context: context() });
  assert.match(String(server.seen[0]?.headers["range"]), /^bytes=[1-9]/);
  assert.deepEqual(await Deno.readFile(`${folder.path}/part`), BYTES);
});

Deno.test("download() asks whether a file has changed", async (t) => {
  await using folder = await tempFolder();
  let bytes = BYTES;
  let etag = '"one"';
  await using server = await fileServer((request, response) =>
    wholeFile(bytes, etag)(request, response)
  );
  const again = () =>
    download(new URL(server.url), folder.path, {
      context: context(),
      revalidate: true,
    });
  await again();
  await t.step("and says so if it has not", async () => {
    assert.deepEqual(await again(), { path: undefined, sha256: SHA256 });
    assert.equal(server.seen[1]?.headers["if-none-match"], '"one"');
  });
  await t.step("and has the new one if it has", async () => {
    bytes = BYTES.toReversed();
    etag = '"two"';
    const result = await again();
    assert.deepEqual(await Deno.readFile(result.path!), bytes);
  });
});

Deno.test("download() follows redirects", async (t) => {
  const to = (location: string): Answerer => status(302, { location });
  await t.step("to where they lead", async () => {
    await using target = await fileServer(wholeFile(BYTES));
    const { bytes } = await fetchFrom(to(`${target.url}/there`));
    assert.deepEqual(bytes, BYTES);
    assert.equal(target.seen[0]?.path, "/there");
  });
  await t.step("without the credentials for another host", async () => {
    await using target = await fileServer(wholeFile(BYTES));
    await using server = await fileServer(to(target.url));
    await using folder = await tempFolder();
    const url = new URL(server.url);
    url.username = "ada";
    url.password = "secret";
    await download(url, folder.path, { context: context() });
    assert.equal(
      server.seen[0]?.headers["authorization"],
      `Basic ${btoa("ada:secret")}`,
    );
    assert.equal(target.seen[0]?.headers["authorization"], undefined);
  });
  await t.step("but not to a host that is not allowed", async () => {
    await using target = await fileServer(wholeFile(BYTES));
    const error = await failureFrom(to(`http://localhost:${target.port}/`));
    assert.deepEqual(error.reason, { kind: "refused" });
    assert.match(error.message, /"localhost:\d+" is not allowed/);
    assert.equal(target.seen.length, 0);
  });
  await t.step("but not to a private host that nobody named", async () => {
    await using target = await fileServer(wholeFile(BYTES));
    const { patterns } = context().rules;
    const error = await failureFrom(to(`http://localhost:${target.port}/`), {
      context: context({ rules: { patterns, public: true } }),
    });
    assert.match(error.message, /is not on the public internet/);
    assert.equal(target.seen.length, 0);
  });
  await t.step("but not to a file", async () => {
    const error = await failureFrom(to("file:///etc/passwd"));
    assert.deepEqual(error.reason, { kind: "refused" });
  });
  await t.step("but not for ever", async () => {
    const error = await failureFrom(to("/again"));
    assert.match(error.message, /redirects more than 10 times$/);
  });
});

Deno.test("download() shows neither credentials nor query", async () => {
  await using folder = await tempFolder();
  const url = new URL("http://ada:secret@10.0.0.1/m.mar?signature=secret");
  const failing = download(url, folder.path, {
    context: context({ rules: parseAllowedUrls(undefined) }),
  });
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof DownloadError);
    assert.match(error.message, /"http:\/\/10\.0\.0\.1\/m\.mar\?…"/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

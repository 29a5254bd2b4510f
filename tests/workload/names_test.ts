import assert from "node:assert/strict";
import { defaultModelName } from "../../src/workload/registry/default_model_name.ts";
import { workerEnvironment } from "../../src/workload/process/launch.ts";
import { resolveLimits } from "../../src/workload/limits.ts";
import { eachLine } from "../../src/workload/process/line_log.ts";

for (
  const [url, name] of [
    ["no-man.v2.mar", "no_man_v2"],
    ["dir-no.manifest", "dir_no_manifest"],
    ["squeezenet.model", "squeezenet"],
    ["sub/folder/noop.mar", "noop"],
    ["https://host/models/a-b.mar?versionId=1.2", "a_b"],
    ["_private", "_private"],
    ["noop", "noop"],
    ["models/noop/", "noop"],
  ] as const
) {
  Deno.test(`defaultModelName(${url}) is ${name}`, () => {
    assert.equal(defaultModelName(url), name);
  });
}

Deno.test("workerEnvironment()", async (t) => {
  await t.step("withholds the secrets of the server", () => {
    const kept = workerEnvironment({
      HOME: "/home/somebody",
      MMS_MANAGEMENT_TOKEN: "secret",
      MMS_KEYSTORE_PASS_FILE: "secret",
      MMS_PRIVATE_KEY_FILE: "secret",
      MMS_KEYSTORE_PASSWORD: "secret",
      MMS_CACHE_DIR: "/cache",
    }, 1);
    assert.deepEqual(
      Object.keys(kept).filter((name) => !/^(M(KL|ALLOC)|O)/.test(name)),
      ["HOME", "MMS_CACHE_DIR", "NO_COLOR"],
    );
  });

  await t.step("keeps numeric libraries to the threads of a worker", () => {
    const { OMP_NUM_THREADS, OPENBLAS_NUM_THREADS, MKL_NUM_THREADS } =
      workerEnvironment({}, 3);
    assert.deepEqual(
      [OMP_NUM_THREADS, OPENBLAS_NUM_THREADS, MKL_NUM_THREADS],
      ["3", "3", "3"],
    );
  });

  await t.step("leaves what the user has set", () => {
    const { OMP_NUM_THREADS } = workerEnvironment({ OMP_NUM_THREADS: "8" }, 1);
    assert.equal(OMP_NUM_THREADS, "8");
  });

  await t.step("switches telemetry off, whatever the user has set", () => {
    const { ORT_DISABLE_TELEMETRY } = workerEnvironment(
      { ORT_DISABLE_TELEMETRY: "0" },
      1,
    );
    assert.equal(ORT_DISABLE_TELEMETRY, "1");
  });
});

Deno.test("resolveLimits() takes the model's, else the registry's, else MMS's", () => {
  const limits = resolveLimits(
    { batchSize: 4, name: "not a limit" } as { readonly batchSize: number },
    { batchSize: 2, queueSize: 7 },
  );
  assert.deepEqual(limits, {
    batchSize: 4,
    maxBatchDelay: 100,
    responseTimeout: 7_200_000,
    requestTimeout: 0,
    loadTimeout: 120_000,
    queueSize: 7,
    threads: 1,
    memoryLimit: 0,
    idleTimeout: 0,
  });
});

Deno.test("eachLine()", async (t) => {
  async function linesOf(...chunks: readonly (string | Uint8Array)[]) {
    const lines: string[] = [];
    const encoder = new TextEncoder();
    const bytes = chunks.map((chunk) =>
      typeof chunk === "string" ? encoder.encode(chunk) : chunk
    );
    const stream = ReadableStream.from<Uint8Array>(bytes);
    const { signal } = new AbortController();
    await eachLine(stream, signal, (line) => lines.push(line));
    return lines;
  }

  await t.step("joins what came in pieces", async () => {
    assert.deepEqual(await linesOf("one\ntw", "o\r\n\nthr", "ee"), [
      "one",
      "two",
      "",
      "three",
    ]);
  });

  await t.step("keeps characters whole that came in pieces", async () => {
    const [a, b] = [new Uint8Array([0xc3]), new Uint8Array([0xbc, 0x0a])];
    assert.deepEqual(await linesOf(a, b), ["ü"]);
  });

  await t.step(
    "shows control characters and broken UTF-8 as such",
    async () => {
      const broken = new Uint8Array([0xff, 0x0a]);
      assert.deepEqual(await linesOf("a\u001b[31mb\tc\n", broken), [
        "a\ufffd[31mb\tc",
        "\ufffd",
      ]);
    },
  );

  await t.step("cuts a line that never ends", async () => {
    const lines = await linesOf(
      ..."x".repeat(10).split("").map((x) => x.repeat(10_000)),
    );
    assert.deepEqual(
      lines.map(({ length }) => length),
      [16384, 16384, 16384, 16384, 16384, 16384, 1696],
    );
  });

  await t.step("ends when it is told to", async () => {
    const gone = new AbortController();
    const ended = eachLine(new ReadableStream(), gone.signal, () => {});
    gone.abort();
    await ended;
    assert.ok(gone.signal.aborted);
  });
});

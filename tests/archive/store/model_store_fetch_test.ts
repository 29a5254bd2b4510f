import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Cache } from "../../../src/archive/cache/cache.ts";
import {
  DEFAULT_DOWNLOAD_LIMITS,
  type Progress,
} from "../../../src/archive/download/download_options.ts";
import { parseAllowedUrls } from "../../../src/archive/download/download_rules.ts";
import { DEFAULT_ARCHIVE_LIMITS } from "../../../src/archive/limits.ts";
import {
  type FetchContext,
  openZooModel,
} from "../../../src/archive/store/model_store_fetch.ts";
import type { ZooModel } from "../../../src/archive/store/zoo.ts";
import { tempFolder } from "../../support/temp.ts";
import { DIGITS } from "../support/digits_archive.ts";
import { fileServer, wholeFile } from "../support/file_server.ts";

const GRAPH = await Deno.readFile(`${DIGITS}/digits.onnx`);

/** A zoo model that a test can serve. */
const FACES: ZooModel = {
  name: "faces-13",
  urls: ["first/faces-13.onnx", "second/faces-13.onnx"],
  sha256: createHash("sha256").update(GRAPH).digest("hex"),
  bytes: GRAPH.length,
  licence: "MIT",
  input: { name: "data", shape: [0, 3, 32, 32] },
  output: { name: "softmax", shape: [0, 10], softmax: false },
  preprocess: "caffe",
  labels: "emotions",
};

function contextWith(
  cache: Cache,
  progress?: (progress: Progress) => void,
): FetchContext {
  return {
    cache,
    limits: DEFAULT_ARCHIVE_LIMITS,
    signal: undefined,
    progress,
    download: {
      rules: parseAllowedUrls(".*"),
      limits: { ...DEFAULT_DOWNLOAD_LIMITS, retries: 0 },
      env: () => undefined,
      caCertificates: [],
    },
  };
}

Deno.test("openZooModel()", async (t) => {
  await using temp = await tempFolder();
  await using cache = new Cache({ folder: temp.path });
  await using server = await fileServer((request, response) =>
    request.url?.startsWith("/first/")
      ? void response.writeHead(500).end()
      : wholeFile(GRAPH)(request, response)
  );
  const seen: Progress[] = [];
  const context = contextWith(cache, (it) => void seen.push(it));

  await t.step("takes the next url where one fails", async () => {
    await using _opened = await openZooModel(FACES, server.url, context);
    assert.deepEqual(server.seen.map(({ path }) => path), [
      "/first/faces-13.onnx",
      "/second/faces-13.onnx",
    ]);
  });
  await t.step("tells how far it has come", () => {
    assert.deepEqual(seen.at(-1), {
      what: "faces-13.onnx",
      done: GRAPH.length,
      total: GRAPH.length,
    });
  });
  await t.step("puts signature and labels beside the graph", async () => {
    await using opened = await openZooModel(FACES, server.url, context);
    const { archive } = opened;
    assert.equal(archive.name, "faces_13");
    assert.equal(archive.labels[1], "happiness");
    assert.equal(archive.signature?.inputs[0]?.preprocess?.channels, "BGR");
    assert.deepEqual(archive.graph, {
      format: "onnx",
      path: `${archive.folder}/faces-13.onnx`,
    });
  });
  await t.step("needs no network the second time", async () => {
    const before = server.seen.length;
    await using _opened = await openZooModel(FACES, server.url, context);
    assert.equal(server.seen.length, before);
  });
});

import assert from "node:assert/strict";
import { openFolder } from "../../src/archive/mod.ts";
import { MmsError } from "../../src/errors.ts";
import { loadService } from "../../src/service/mod.ts";
import { outcomeOf, startMms } from "../cli/support/process.ts";
import {
  floatBytes,
  joined,
  u32,
  writeParams,
} from "../mxnet/support/params_writer.ts";
import { writeSymbol } from "../mxnet/support/symbol_writer.ts";
import { DENSE, denseFiles, denseParams } from "../support/checkpoint.ts";
import { modelFolder } from "../support/model_folder.ts";
import { addresses, FREE_PORTS, machine } from "./support/machine.ts";

const LFS_POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:${"0".repeat(64)}
size 4945998
`;

/** A file that says that it holds this many arrays, and holds none. */
function liar(count: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(0x112n, 0n, count).buffer);
}

/** An array that says that it has this shape, and holds one number. */
function liarAboutShape(shape: readonly number[]): Uint8Array {
  return writeParams([
    { name: "arg:fc_weight", shape, bytes: floatBytes(1) },
  ]);
}

/** What is wrong with a model, its files where they differ, and what is said. */
const CASES: readonly [string, Readonly<Record<string, unknown>>, RegExp][] = [
  [
    "operators that are not supported, all of them at once",
    {
      "net-symbol.json": writeSymbol([
        "data",
        ["Foo", "a", [0]],
        ["Bar", "b", [1]],
        ["Foo", "c", [2]],
      ]),
    },
    /"Foo" \(2\), "Bar" \(1\)/,
  ],
  [
    "a missing parameter, with the nearest name",
    {
      "net-0000.params": writeParams([
        { name: "arg:fc_weigth", shape: [1, 2], bytes: floatBytes(1, 2) },
        { name: "arg:fc_bias", shape: [1], bytes: floatBytes(10) },
      ]),
    },
    /"fc_weight" \(nearest: "fc_weigth"\).*"net-0000\.params"/,
  ],
  [
    "a parameter whose shape does not fit, and the node",
    {
      "net-0000.params": writeParams([
        { name: "arg:fc_weight", shape: [1, 3], bytes: floatBytes(1, 2, 3) },
        { name: "arg:fc_bias", shape: [1], bytes: floatBytes(10) },
      ]),
    },
    /node "fc" \("FullyConnected"\).*"fc_weight" has shape \[1, 3\].*\[1, 2\]/,
  ],
  [
    "a file that ends early, and where",
    { "net-0000.params": denseParams().slice(0, 40) },
    /"net-0000\.params".*(byte|offset) \d+/,
  ],
  [
    "a file that Git LFS has not fetched",
    { "net-0000.params": LFS_POINTER },
    /"net-0000\.params".*Git LFS/,
  ],
  [
    "a symbol that Git LFS has not fetched",
    { "net-symbol.json": LFS_POINTER },
    /Git LFS/,
  ],
  [
    "parameters of a Gluon network of Python alone",
    {
      "net-0000.params": writeParams([
        { name: "0.weight", shape: [1, 2], bytes: floatBytes(1, 2) },
        { name: "0.bias", shape: [1], bytes: floatBytes(10) },
      ]),
    },
    /save_parameters.*export/,
  ],
  [
    "a quantized graph",
    {
      "net-symbol.json": writeSymbol([
        "data",
        ["_contrib_quantized_conv", "a", [0]],
      ]),
    },
    /quantized/,
  ],
  [
    "an operator written in Python",
    { "net-symbol.json": writeSymbol(["data", ["Custom", "mine", [0]]]) },
    /Custom.*Python/,
  ],
  [
    "more arrays than a file has bytes",
    { "net-0000.params": liar(2n ** 62n) },
    /"net-0000\.params"/,
  ],
  [
    "an array larger than its file",
    { "net-0000.params": liarAboutShape([1 << 30, 1 << 30]) },
    /"net-0000\.params"/,
  ],
  [
    "a name longer than its file",
    {
      "net-0000.params": joined([
        denseParams().slice(0, -20),
        u32(0xffffffff),
      ]),
    },
    /"net-0000\.params"/,
  ],
  [
    "a graph that feeds itself",
    {
      "net-symbol.json": DENSE.replace(
        '"inputs":[[0,0,0]',
        '"inputs":[[3,0,0]',
      ),
    },
    /node "fc" needs its own output/,
  ],
];

Deno.test("loadService() says what stands against a checkpoint:", async (t) => {
  for (const [what, files, message] of CASES) {
    await t.step(what, async () => {
      await using folder = await modelFolder({ ...denseFiles(), ...files });
      const archive = await openFolder(folder.path);
      const cacheFolder = `${folder.path}/cache`;
      const started = performance.now();
      await assert.rejects(
        loadService(archive, { threads: 1, cacheFolder }),
        (error) => {
          assert.ok(error instanceof MmsError, String(error));
          assert.equal(error.code, "invalid_model", error.message);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /\.$/);
          return true;
        },
      );
      assert.ok(performance.now() - started < 5000);
    });
  }
});

Deno.test("loadService() ignores parameters that nothing needs, as MXNet does", async () => {
  await using folder = await modelFolder({
    ...denseFiles(),
    "net-0000.params": writeParams([
      { name: "arg:fc_weight", shape: [1, 2], bytes: floatBytes(1, 2) },
      { name: "arg:fc_bias", shape: [1], bytes: floatBytes(10) },
      { name: "aux:unused", shape: [1], bytes: floatBytes(1) },
    ]),
  });
  const archive = await openFolder(folder.path);
  await using service = await loadService(archive, {
    threads: 1,
    cacheFolder: `${folder.path}/cache`,
  });
  assert.equal(service.kind?.name, "mms:json");
});

Deno.test("loadService() says that parameters alone are no network", async () => {
  await using folder = await modelFolder({ "alexnet.params": denseParams() });
  const archive = await openFolder(folder.path, { name: "alexnet" });
  await assert.rejects(loadService(archive, { threads: 1 }), {
    code: "invalid_model",
    message:
      /^Cannot load model "alexnet": "alexnet\.params" has no NAME-symbol\.json beside it/,
  });
});

Deno.test("openFolder() does not guess between two symbols", async () => {
  await using folder = await modelFolder({
    ...denseFiles(),
    "other-symbol.json": DENSE,
    "other-0000.params": denseParams(),
  });
  await assert.rejects(openFolder(folder.path), {
    code: "invalid_archive",
    message: /"net-symbol\.json", "other-symbol\.json" are there/,
  });
});

Deno.test("mms predict says what stands against a checkpoint, and ends with 1", async () => {
  const [, files, message] = CASES[0]!;
  await using folder = await modelFolder({
    ...denseFiles(),
    ...files,
    "input.json": [[1, 1]],
  });
  const { code, out, err } = await outcomeOf(startMms(
    ["predict", "--model", "./", "input.json", "--cache-dir", "cache"],
    folder.path,
  ));
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, message);
  assert.doesNotMatch(err, /^ +at /m);
});

Deno.test("mms serve says what stands against a checkpoint in log and describe", async () => {
  const [, files, message] = CASES[0]!;
  await using folder = await modelFolder({ ...denseFiles(), ...files });
  await using place = await machine();
  const printed = await place.mms(
    ...["mxnet-model-server", ...FREE_PORTS, "--workers", "1"],
    ...["--log-location", "logs", "--models", `net=${folder.path}`],
  );
  const { inference, management } = addresses(printed);
  const refused = await place.curl(
    ...["-d", "[[1, 1]]", `${inference}/predictions/net`],
  );
  assert.equal(JSON.parse(refused).code, 503, refused);
  const { status, reason } = JSON.parse(
    await place.curl(`${management}/models/net`),
  );
  assert.equal(status, "FAILED");
  assert.match(reason, message);
  const log = await Deno.readTextFile(`${place.path}/logs/mms_log.log`);
  assert.match(log, message);
});

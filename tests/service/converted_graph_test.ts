import assert from "node:assert/strict";
import { openFolder } from "../../src/archive/mod.ts";
import {
  type Inputs,
  loadService,
  type Service,
} from "../../src/service/mod.ts";
import { floatBytes, writeParams } from "../mxnet/support/params_writer.ts";
import { writeSymbol } from "../mxnet/support/symbol_writer.ts";
import {
  answerOf,
  DENSE_SIGNATURE,
  denseFiles,
  denseParams,
} from "../support/checkpoint.ts";
import { assertClose } from "../support/close.ts";
import { modelFolder } from "../support/model_folder.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";

const DIGITS = `${root}/fixtures/digits`;
const NAMES = JSON.parse(await Deno.readTextFile(`${DIGITS}/expected.json`));

async function load(folder: string, cacheFolder: string): Promise<Service> {
  const archive = await openFolder(folder);
  return await loadService(archive, { threads: 1, top: 10, cacheFolder });
}

/** The ten probabilities of a picture, in the order of the classes. */
async function probabilities(
  service: Service,
  picture: string,
): Promise<readonly number[]> {
  const inputs: Inputs = {
    requestId: picture,
    headers: {},
    fields: new Map([["body", {
      contentType: "image/png",
      data: await Deno.readFile(`${DIGITS}/images/${picture}`),
    }]]),
  };
  const [settled] = await service.predict([inputs]);
  if (settled?.status !== "fulfilled") throw settled?.reason;
  const ranked: readonly { readonly probability: number; class: string }[] =
    JSON.parse(new TextDecoder().decode(settled.value.body));
  return NAMES.classes.map((name: string) =>
    ranked.find((entry) => entry.class === name)!.probability
  );
}

async function graphsIn(cacheFolder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(`${cacheFolder}/graphs`)
  ) {
    if (isDirectory) names.push(name);
  }
  return names;
}

Deno.test("loadService() runs a checkpoint as MXNet did", async () => {
  await using folder = await tempFolder();
  await using service = await load(`${DIGITS}/mxnet`, folder.path);
  for (const picture of ["0_zero.png", "7_seven.png"]) {
    assertClose(
      await probabilities(service, picture),
      NAMES.images[picture].probabilities,
      { atol: NAMES.tolerance.png },
    );
  }
});

Deno.test("loadService() converts a checkpoint once for all that load it", async () => {
  await using folder = await tempFolder();
  const services = await Promise.all(
    [1, 2, 3].map(() => load(`${DIGITS}/mxnet`, folder.path)),
  );
  for (const service of services) await service[Symbol.asyncDispose]();
  assert.equal((await graphsIn(folder.path)).length, 1);
});

Deno.test("loadService() converts anew what has changed", async () => {
  await using folder = await tempFolder();
  const model = `${folder.path}/model`;
  await Deno.mkdir(model);
  for await (const { name } of Deno.readDir(`${DIGITS}/mxnet`)) {
    await Deno.copyFile(`${DIGITS}/mxnet/${name}`, `${model}/${name}`);
  }
  const cache = `${folder.path}/cache`;
  await (await load(model, cache))[Symbol.asyncDispose]();
  const symbol = `${model}/digits-symbol.json`;
  await Deno.writeTextFile(symbol, `${await Deno.readTextFile(symbol)}\n`);
  await (await load(model, cache))[Symbol.asyncDispose]();
  assert.equal((await graphsIn(cache)).length, 2);
});

Deno.test("loadService() shares one graph among copies of a checkpoint", async () => {
  await using folder = await modelFolder(twice());
  for (const name of ["one", "two"]) {
    assert.deepEqual(
      await answerOf(`${folder.path}/${name}`, `${folder.path}/cache`),
      [[[13]]],
    );
  }
  assert.equal((await graphsIn(`${folder.path}/cache`)).length, 1);
});

Deno.test("loadService() sees when a linked checkpoint was written into", async () => {
  await using folder = await modelFolder(twice());
  const [one, two] = [`${folder.path}/one`, `${folder.path}/two`] as const;
  const cache = `${folder.path}/cache`;
  assert.deepEqual(await answerOf(one, cache), [[[13]]]);
  await Deno.writeFile(`${one}/net-0000.params`, denseParams([100, 200]));
  await Deno.utime(`${one}/net-0000.params`, 1, 1);
  assert.deepEqual(await answerOf(two, cache), [[[13]]]);
  assert.deepEqual(await answerOf(one, cache), [[[310]]]);
});

Deno.test("loadService() takes a label in the signature for no input", async () => {
  await using folder = await modelFolder({
    "net-symbol.json": writeSymbol([
      "data",
      "softmax_label",
      ["SoftmaxOutput", "softmax", [0, 1]],
    ]),
    "net-0000.params": writeParams([]),
    "signature.json": {
      ...DENSE_SIGNATURE,
      inputs: [
        { data_name: "data", data_shape: [0, 2] },
        { data_name: "softmax_label", data_shape: [0] },
      ],
      outputs: [{ data_name: "softmax", data_shape: [0, 2] }],
    },
  });
  assert.deepEqual(
    await answerOf(folder.path, `${folder.path}/cache`, { data: [[1, 1]] }),
    [[[0.5, 0.5]]],
  );
});

Deno.test("loadService() answers all outputs where the signature names others", async () => {
  await using folder = await modelFolder({
    ...denseFiles(),
    "net-symbol.json": writeSymbol([
      "data",
      "fc_weight",
      "fc_bias",
      ["FullyConnected", "fc", [0, 1, 2], { num_hidden: 1 }],
      ["relu", "positive", [3]],
    ], [[3, 0], [4, 0]]),
    "signature.json": {
      ...DENSE_SIGNATURE,
      outputs: [{ data_name: "prob", data_shape: [0, 1] }],
    },
  });
  assert.deepEqual(
    await answerOf(folder.path, `${folder.path}/cache`, [[-20, 1]]),
    [[[-8]], [[0]]],
  );
});

/** The files of one checkpoint in two folders. */
function twice(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(denseFiles()).flatMap(([name, content]) => [
      [`one/${name}`, content],
      [`two/${name}`, content],
    ]),
  );
}

/** Pictures of any size, in three channels, to the mean of each. */
const POOLED = {
  "net-symbol.json": writeSymbol([
    "image",
    "conv_weight",
    ["Convolution", "conv", [0, 1], {
      kernel: [1, 1],
      num_filter: 3,
      no_bias: true,
    }],
    ["Pooling", "pool", [2], { global_pool: true, pool_type: "avg" }],
    ["Flatten", "flat", [3]],
  ]),
  "net-0000.params": writeParams([{
    name: "arg:conv_weight",
    shape: [3, 3, 1, 1],
    bytes: floatBytes(1, 0, 0, 0, 1, 0, 0, 0, 1),
  }]),
};

Deno.test("loadService() asks for the signature of pictures whose size nothing fixes", async () => {
  await using folder = await modelFolder(POOLED);
  await assert.rejects(load(folder.path, `${folder.path}/cache`), {
    code: "invalid_model",
    message:
      'Cannot feed pictures to "net-symbol.json": their height and width are unknown, a signature.json beside it such as {"inputs":[{"data_name":"image","data_shape":[0,3,224,224]}]} would be right',
  });
});

Deno.test("loadService() takes pictures of any size where a signature says so", async () => {
  await using folder = await modelFolder({
    ...POOLED,
    "signature.json": {
      inputs: [{ data_name: "image", data_shape: [0, 3, 0, 0] }],
    },
  });
  await using service = await load(folder.path, `${folder.path}/cache`);
  assert.equal(service.kind?.name, "mms:image");
});

Deno.test("loadService() runs pictures without a signature where the graph fixes their size", async () => {
  await using folder = await modelFolder({
    ...POOLED,
    "net-symbol.json": POOLED["net-symbol.json"].replace(
      '"name":"image"',
      '"name":"image","attrs":{"__shape__":"(1, 3, 8, 8)"}',
    ),
  });
  await using service = await load(folder.path, `${folder.path}/cache`);
  assert.equal(service.kind?.name, "mms:image");
});

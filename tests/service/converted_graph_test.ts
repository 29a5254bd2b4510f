import assert from "node:assert/strict";
import { openFolder } from "../../src/archive/mod.ts";
import {
  type Inputs,
  loadService,
  type Service,
} from "../../src/service/mod.ts";
import { assertClose } from "../support/close.ts";
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

Deno.test("loadService() names what a checkpoint lacks", async () => {
  await using folder = await tempFolder();
  const model = `${folder.path}/model`;
  await folder.write("model/net-symbol.json", "{}");
  await folder.write("model/net-0000.params", "no parameters");
  await assert.rejects(load(model, `${folder.path}/cache`), {
    code: "invalid_model",
  });
});

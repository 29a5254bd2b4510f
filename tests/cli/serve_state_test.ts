import assert from "node:assert/strict";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { until } from "../workload/support/workload.ts";
import {
  FREE_PORTS,
  outcome,
  type Server,
  startServer,
} from "./support/mms.ts";

const STATE = ["--state", "state.json", "--model-store", "models"];

async function writeModels(
  folder: TempFolder,
  ...names: readonly string[]
): Promise<void> {
  for (const modelName of names) {
    await folder.write(
      `models/${modelName}/MAR-INF/MANIFEST.json`,
      JSON.stringify({ model: { modelName, handler: "mms:noop" } }),
    );
  }
}

async function manage(
  { management }: Server,
  method: string,
  path: string,
): Promise<unknown> {
  const response = await fetch(`${management}${path}`, { method });
  const text = await response.text();
  assert.ok(response.ok, text);
  return JSON.parse(text);
}

async function modelNames(server: Server): Promise<readonly string[]> {
  const list = await manage(server, "GET", "/models") as {
    models: readonly { modelName: string }[];
  };
  return list.models.map(({ modelName }) => modelName);
}

interface Described {
  readonly [key: string]: unknown;
}

async function described(server: Server, name: string): Promise<Described> {
  return await manage(server, "GET", `/models/${name}`) as Described;
}

Deno.test("mms serve --state keeps over a restart", async (t) => {
  await using folder = await tempFolder();
  await writeModels(folder, "first", "second", "third", "gone", "lost");
  const start = () =>
    startServer([
      ...[...FREE_PORTS, ...STATE, "--workers", "1"],
      ...["--models", "first", "second", "third"],
    ], { folder });
  {
    await using server = await start();
    await manage(
      server,
      "POST",
      "/models?url=gone&model_name=a&batch_size=3&max_batch_delay=7&response_timeout=2",
    );
    await manage(server, "POST", "/models?url=lost");
    await manage(server, "PUT", "/models/first?min_worker=0&max_worker=2");
    await manage(server, "DELETE", "/models/second");
    await server.end("SIGTERM");
  }
  await Deno.remove(`${folder.path}/models/lost`, { recursive: true });
  await using server = await start();

  await t.step("what was registered, as it was", async () => {
    const { modelUrl, batchSize, maxBatchDelay, minWorkers, loadedAtStartup } =
      await described(server, "a");
    assert.deepEqual(
      [modelUrl, batchSize, maxBatchDelay, minWorkers, loadedAtStartup],
      ["gone", 3, 7, 1, false],
    );
  });

  await t.step(
    "what was scaled, though the settings say otherwise",
    async () => {
      const { minWorkers, maxWorkers, loadedAtStartup } = await described(
        server,
        "first",
      );
      assert.deepEqual([minWorkers, maxWorkers, loadedAtStartup], [0, 2, true]);
    },
  );

  await t.step("what was unregistered", async () => {
    assert.deepEqual(await modelNames(server), ["a", "first", "third"]);
  });

  await t.step("what could not be loaded, which is told", async () => {
    const state = `${folder.path}/state.json`;
    const saved = () =>
      JSON.parse(Deno.readTextFileSync(state)) as {
        models: readonly { model_name: string; response_timeout?: number }[];
      };
    await manage(server, "DELETE", "/models/third");
    assert.deepEqual(saved().models.map(({ model_name }) => model_name), [
      "a",
      "lost",
      "first",
    ]);
    assert.equal(saved().models[0]?.response_timeout, 120);
    if (Deno.build.os !== "windows") {
      assert.equal((await Deno.stat(state)).mode! & 0o777, 0o600);
    }
    await writeModels(folder, "lost");
    server.kill("SIGHUP");
    await until(
      "the lost one",
      async () => (await modelNames(server)).includes("lost"),
    );
    assert.deepEqual(await modelNames(server), ["a", "first", "lost"]);
    const { err } = await server.end("SIGTERM");
    assert.match(err, /Failed to load model: lost: /);
    assert.match(err, /Model second is left out: it was unregistered over/);
  });
});

Deno.test("mms serve registers nothing again at SIGHUP that was unregistered", async () => {
  await using folder = await tempFolder();
  await writeModels(folder, "first", "second");
  await using server = await startServer([
    ...[...FREE_PORTS, "--model-store", "models", "--models", "ALL"],
    ...["--workers", "1"],
  ], { folder });
  await manage(server, "DELETE", "/models/second");
  await writeModels(folder, "third");
  server.kill("SIGHUP");
  await until(
    "the new one",
    async () => (await modelNames(server)).includes("third"),
  );
  assert.deepEqual(await modelNames(server), ["first", "third"]);
  await manage(server, "POST", "/models?url=second");
  assert.deepEqual(await modelNames(server), ["first", "second", "third"]);
});

const MODEL = {
  model_name: "a",
  url: "a.mar",
  batch_size: 1,
  max_batch_delay: 100,
  min_worker: 1,
  max_worker: 1,
};
const state = (...models: readonly unknown[]) =>
  JSON.stringify({ version: 1, models, unregistered: [] });

for (
  const [name, text, says] of [
    ["is no JSON", '{"version": 1,', /it is not JSON: .*position 14/],
    ["is of another version", '{"version": 2}', /version is 2, 1 would be/],
    ["has no models", '{"version": 1}', /models is missing, an array would/],
    [
      "has a model with a wrong number",
      state(MODEL, { ...MODEL, batch_size: 0 }),
      /models\[1\]\.batch_size is 0, a whole number of 1 or more would be right/,
    ],
    [
      "has less than the least workers",
      state({ ...MODEL, max_worker: 0 }),
      /models\[0\]\.max_worker is 0, a whole number of 1 or more/,
    ],
    [
      "has an unknown runtime",
      state({ ...MODEL, runtime: "ruby" }),
      /models\[0\]\.runtime is "ruby", python or python2/,
    ],
    [
      "has a model twice",
      state(MODEL, MODEL),
      /models\[1\]\.model_name is "a"/,
    ],
  ] as const
) {
  Deno.test(`mms serve --state refuses a file that ${name}, and leaves it as it is`, async () => {
    await using folder = await tempFolder();
    await folder.write("state.json", text);
    const { code, err } = await outcome(
      ["serve", ...FREE_PORTS, "--state", "state.json"],
      { folder },
    );
    assert.equal(code, 1, err);
    assert.match(err, /Cannot read "state\.json": /);
    assert.match(err, says);
    assert.equal(await Deno.readTextFile(`${folder.path}/state.json`), text);
  });
}

Deno.test("mms serve --state refuses a file whose folder is not there", async () => {
  await using folder = await tempFolder();
  const { code, err } = await outcome(
    ["serve", ...FREE_PORTS, "--state", "no/state.json"],
    { folder },
  );
  assert.equal(code, 1);
  assert.match(err, /there is no folder "no"/);
});

import assert from "node:assert/strict";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { Metrics } from "../../src/metrics.ts";
import type { Registry, RegistryOptions } from "../../src/workload/mod.ts";
import {
  ask,
  emptyArchive,
  isAlive,
  pidOf,
  registerReady,
  scriptedRegistry,
  textOf,
  until,
} from "./support/workload.ts";

/** A registry whose models are in a folder, and how often one is open. */
function registryOf(
  folder: TempFolder,
  options: Partial<RegistryOptions> = {},
): { readonly registry: Registry; readonly open: { count: number } } {
  const open = { count: 0 };
  const registry = scriptedRegistry({
    ...options,
    open: () => {
      open.count++;
      return Promise.resolve({
        archive: { ...emptyArchive(), folder: folder.path },
        [Symbol.asyncDispose]: () => Promise.resolve(void open.count--),
      });
    },
  });
  return { registry, open };
}

const PATIENT = { timeout: 10_000 };

Deno.test("Registry.refresh()", async (t) => {
  await using folder = await tempFolder();
  const { registry, open } = registryOf(folder, { metrics: new Metrics() });
  await using _registry = registry;
  const model = await registerReady(registry, { name: "m", minWorkers: 2 });
  const pid = pidOf(await ask(model, "first"));

  await t.step("leaves a model whose files are the same", async () => {
    assert.equal(await registry.refresh("m", PATIENT), false);
    assert.equal(registry.get("m"), model);
    assert.equal(open.count, 1);
  });

  await t.step(
    "replaces one whose files have changed, and answers all",
    async () => {
      await folder.write("synset.txt", "one\ntwo\n");
      const slow = ask(model, "slow", { type: "sleep", ms: 100 });
      let isDone = false;
      const refreshed = registry.refresh("m", PATIENT).finally(() =>
        isDone = true
      );
      for (let i = 0; !isDone; i++) {
        const answer = await ask(registry.get("m"), `r${i}`);
        assert.equal(textOf(answer), `r${i} done`);
      }
      assert.equal(await refreshed, true);
      assert.equal(textOf(await slow), "slow done");
      assert.notEqual(registry.get("m"), model);
      assert.deepEqual(registry.get("m").range, {
        minWorkers: 2,
        maxWorkers: 2,
      });
      await until("the old worker is gone", async () => !await isAlive(pid));
      assert.equal(open.count, 1);
    },
  );

  await t.step("knows no model that is not registered", async () => {
    await assert.rejects(registry.refresh("other", PATIENT), {
      code: "model_not_found",
    });
  });
});

Deno.test("Registry.refresh() keeps a model whose new files cannot be loaded", async () => {
  await using folder = await tempFolder();
  const { registry, open } = registryOf(folder);
  await using _registry = registry;
  const name = `${folder.path}/marked`;
  const handler = "unless-marked";
  const model = await registerReady(registry, { name, handler });
  const pid = pidOf(await ask(model, "before"));
  await folder.write("marked", "");
  await folder.write("signature.json", "{}");
  await assert.rejects(registry.refresh(name, PATIENT), {
    code: "load_failed",
    message: `Cannot replace model "${name}": Cannot load it: not yet`,
  });
  assert.equal(registry.get(name), model);
  assert.equal(pidOf(await ask(model, "after")), pid);
  assert.equal(open.count, 1);
});

Deno.test("Registry.refresh() gives up a model that is unregistered meanwhile", async () => {
  await using folder = await tempFolder();
  const { registry, open } = registryOf(folder);
  await using _registry = registry;
  await registerReady(registry, { name: "m" });
  await folder.write("signature.json", "{}");
  const refreshed = assert.rejects(registry.refresh("m", PATIENT), {
    code: "load_failed",
  });
  await registry.unregister("m", PATIENT);
  await refreshed;
  assert.deepEqual(registry.list(), []);
  assert.equal(open.count, 0);
});

Deno.test("Registry.refresh() takes note of", async (t) => {
  await using folder = await tempFolder();
  await folder.write("model.onnx", "graph");
  await folder.write("pkg/helper.py", "a = 1");
  const { registry } = registryOf(folder);
  await using _registry = registry;
  await registerReady(registry, { name: "m", url: folder.path });

  for (const name of ["pkg/helper.py", "weights.data", "pkg/new/labels.txt"]) {
    await t.step(name, async () => {
      await folder.write(name, "something else");
      assert.equal(await registry.refresh("m", PATIENT), true);
      assert.equal(await registry.refresh("m", PATIENT), false);
    });
  }

  await t.step("but not of what Python leaves behind", async () => {
    await folder.write("pkg/__pycache__/helper.pyc", "x");
    await folder.write(".hidden", "x");
    assert.equal(await registry.refresh("m", PATIENT), false);
  });
});

Deno.test("Registry.refresh() takes note of weights beside a graph that was named alone", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("a.onnx", "graph");
  await using registry = scriptedRegistry({
    open: () =>
      Promise.resolve({
        archive: {
          ...{ ...emptyArchive(), folder: folder.path },
          graph: { format: "onnx", path },
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  });
  await registerReady(registry, { name: "m", url: path });
  await folder.write("a.onnx.data", "weights");
  assert.equal(await registry.refresh("m", PATIENT), true);
  await folder.write("other.onnx", "another model's");
  assert.equal(await registry.refresh("m", PATIENT), false);
});

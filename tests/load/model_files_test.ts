import assert from "node:assert/strict";
import { packArchive, packedFromDisk } from "../../src/archive/mod.ts";
import { Caller, eventually, startCallers } from "./support/caller.ts";
import { Ledger } from "./support/ledger.ts";
import {
  linuxTest,
  type LoadServer,
  startLoadServer,
} from "./support/load_server.ts";
import { newQuestion, SIDE, writeWorkModel } from "./support/work_model.ts";

function options(server: LoadServer, ledger: Ledger) {
  return { address: server.inference, model: "work", ledger };
}

linuxTest(
  "A model whose folder is deleted is served on, and comes back with it",
  async (t) => {
    await using server = await startLoadServer(["--workers", "2"]);
    const ledger = new Ledger();
    await using callers = startCallers({
      ...options(server, ledger),
      callers: 8,
    });
    await callers.answered(16);

    await t.step("by the workers that there are", async () => {
      await Deno.remove(`${server.folder.path}/work`, { recursive: true });
      await callers.answered(100);
      assert.ok(await server.isReady());
    });

    await t.step("and by those that are left of them", async () => {
      const [victim] = await server.workers();
      Deno.kill(victim!, "SIGKILL");
      await eventually("one has failed", async () => {
        const { json } = await server.manage("GET /models/work");
        return json.workers!.some(({ status }) => status === "FAILED");
      });
      await callers.answered(100);
    });

    await t.step("and by all once it is there again", async () => {
      const old = await server.workers();
      await writeWorkModel(server.folder);
      await server.manage("PUT /models/work?min_worker=2&synchronous=true");
      await server.replaced(1, old);
      await callers.answered(100);
    });

    await callers.end();
    ledger.settle({ 500: 1 });
  },
);

linuxTest("A model whose archive is deleted loses nothing", async () => {
  await using server = await startLoadServer(["--workers", "1"]);
  const graph = `${server.folder.path}/work/net.onnx`;
  const archive = `${server.folder.path}/packed.mar`;
  const { size } = await Deno.stat(graph);
  await packArchive([packedFromDisk("net.onnx", graph, size)], archive, {
    format: "default",
  });
  await server.manage("DELETE /models/work");
  const { status, json } = await server.manage(
    `POST /models?url=packed.mar&model_name=work&initial_workers=1&synchronous=true`,
  );
  assert.equal(status, 200, JSON.stringify(json));
  const ledger = new Ledger();
  await using callers = startCallers({
    ...options(server, ledger),
    callers: 4,
  });
  await callers.answered(8);
  await Deno.remove(archive);
  const old = await server.workers();
  Deno.kill(old[0]!, "SIGKILL");
  await server.replaced(1, old);
  await callers.answered(50);
  await callers.end();
  ledger.settle({ 500: 1 });
});

linuxTest(
  "A model that is replaced while it is served answers as one of the two",
  async (t) => {
    await using server = await startLoadServer(["--workers", "2"]);
    const ledger = new Ledger();
    await using callers = startCallers({
      ...options(server, ledger),
      signs: ["positive", "negative"],
      callers: 8,
      side: SIDE.quick,
    });
    await callers.answered(16);

    await t.step("as it was by workers that have it", async () => {
      await writeWorkModel(server.folder, "work", "negative");
      await callers.answered(500);
      assert.deepEqual(await negatives(server, 20), 0);
    });

    await t.step("as it is by all workers that come after them", async () => {
      const old = await server.workers();
      for (const pid of old) Deno.kill(pid, "SIGKILL");
      await server.replaced(2, old);
      await callers.answered(500);
      assert.deepEqual(await negatives(server, 20), 20);
    });

    await callers.end();
    ledger.settle({ 500: 2 });
  },
);

/** How many of some requests the new model answers. */
async function negatives(server: LoadServer, count: number): Promise<number> {
  const ledger = new Ledger();
  using caller = new Caller({
    ...options(server, ledger),
    signs: ["positive", "negative"],
  });
  let negative = 0;
  for (let i = 0; i < count; i++) {
    const question = newQuestion();
    const reply = await caller.ask(question);
    if (reply?.text === question.answers.negative) negative++;
  }
  assert.deepEqual(ledger.settle(), { 200: count });
  return negative;
}

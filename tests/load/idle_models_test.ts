import assert from "node:assert/strict";
import { memoryOf } from "../bench/support/process.ts";
import { Caller, eventually } from "./support/caller.ts";
import { Ledger } from "./support/ledger.ts";
import { linuxTest, startLoadServer } from "./support/load_server.ts";
import { newQuestion } from "./support/work_model.ts";

const MODELS = 200;
const MEGABYTES = 20;

linuxTest(
  "Two hundred idle models cost less than 20 MB and no process",
  async (t) => {
    await using server = await startLoadServer(
      ["--workers", "1", "--idle-timeout", "2"],
    );
    const register = async (name: string) => {
      const { status } = await server.manage(
        `POST /models?url=work&model_name=${name}&initial_workers=0`,
      );
      assert.equal(status, 200);
    };
    await register("first");
    const before = await memoryOf(server.pid);
    const workers = await server.workers();
    for (let i = 1; i < MODELS; i++) await register(`model${i}`);

    await t.step("while nobody asks for them", async () => {
      const now = await memoryOf(server.pid);
      const cost = now.privateDirty - before.privateDirty;
      assert.ok(cost < MEGABYTES, `they cost ${cost.toFixed(1)} MB`);
      assert.deepEqual(await server.workers(), workers);
    });

    await t.step("and are there when they are asked for", async () => {
      const ledger = new Ledger();
      for (const model of ["model1", `model${MODELS - 1}`]) {
        using caller = new Caller({ address: server.inference, model, ledger });
        await caller.ask(newQuestion());
      }
      assert.deepEqual(ledger.settle(), { 200: 2 });
    });

    await t.step("and go again", async () => {
      await eventually("the workers have ended", async () => {
        const now = await server.workers();
        return now.length === workers.length;
      });
    });
  },
);

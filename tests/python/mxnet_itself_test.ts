import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import { mxnetTest } from "./support/python.ts";
import { SERVICES, serviceServer } from "./support/service_server.ts";

const DIGITS = `${root}/fixtures/digits`;

interface Class {
  readonly probability: number;
  readonly class: string;
}

mxnetTest(
  "a service that runs MXNet itself agrees with the built-in one",
  async (_, python) => {
    await using store = await tempFolder();
    for (const model of ["mxnet", "built-in"]) {
      for await (const { name } of Deno.readDir(`${DIGITS}/mxnet`)) {
        const bytes = await Deno.readFile(`${DIGITS}/mxnet/${name}`);
        await store.write(`${model}/${name}`, bytes);
      }
    }
    const manifest = {
      model: { modelName: "digits", handler: "mxnet_vision" },
    };
    await store.write("mxnet/MAR-INF/MANIFEST.json", JSON.stringify(manifest));
    await Deno.copyFile(
      `${SERVICES}/mxnet_vision.py`,
      `${store.path}/mxnet/mxnet_vision.py`,
    );
    await using server = await serviceServer([
      ...["--model-store", store.path, "--python", python],
    ]);
    for (const name of ["mxnet", "built-in"]) {
      const { status, text } = await server.register(name, {
        model_name: name,
      });
      assert.equal(status, 200, text);
    }
    for (const picture of ["3_three.png", "7_seven.png", "5_five.png"]) {
      const ask = async (model: string): Promise<readonly Class[]> => {
        const body = await Deno.readFile(`${DIGITS}/images/${picture}`);
        const headers = { "content-type": "image/png" };
        return JSON.parse((await server.ask(model, { body, headers })).text);
      };
      const [mxnet, ours] = [await ask("mxnet"), await ask("built-in")];
      assert.equal(mxnet[0]!.class, ours[0]!.class);
      const others = new Map(ours.map((it) => [it.class, it.probability]));
      for (const { class: name, probability } of mxnet) {
        const other = others.get(name);
        if (other === undefined) continue; // Far below the first, order is chance.
        assert.ok(Math.abs(probability - other) < 1e-5, `${picture} ${name}`);
      }
    }
  },
);

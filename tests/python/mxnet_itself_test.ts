import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { sharedFolder } from "../support/shared.ts";
import { tempFolder } from "../support/temp.ts";
import { mxnetTest } from "./support/python.ts";
import {
  type Question,
  SERVICES,
  serviceServer,
} from "./support/service_server.ts";

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

/** Serves an example's model with MXNet itself and built in, and asks both. */
async function askBoth(
  example: string,
  options: {
    readonly python: string;
    readonly prefix: string;
    readonly service: string;
    readonly twin: string;
    readonly questions: readonly Question[];
  },
): Promise<void> {
  const { python, prefix, service, twin, questions } = options;
  await using store = await tempFolder();
  for (const [model, handler] of [["mxnet", service], ["built-in", twin]]) {
    const folder = `${root}/fixtures/examples/${example}/model`;
    for await (const { name } of Deno.readDir(folder)) {
      const bytes = await Deno.readFile(`${folder}/${name}`);
      await store.write(`${model}/${name}`, bytes);
    }
    await store.write(
      `${model}/MAR-INF/MANIFEST.json`,
      JSON.stringify({ model: { modelName: prefix, handler } }),
    );
  }
  await Deno.copyFile(
    `${SERVICES}/${service}.py`,
    `${store.path}/mxnet/${service}.py`,
  );
  await using server = await serviceServer([
    ...["--model-store", store.path, "--python", python],
  ]);
  for (const name of ["mxnet", "built-in"]) {
    const { status, text } = await server.register(name, { model_name: name });
    assert.equal(status, 200, text);
  }
  for (const question of questions) {
    const [mxnet, ours] = [
      await server.ask("mxnet", question),
      await server.ask("built-in", question),
    ];
    assert.deepEqual([mxnet.status, ours.status], [200, 200], mxnet.text);
    assert.deepEqual(JSON.parse(ours.text), JSON.parse(mxnet.text));
  }
}

mxnetTest(
  "a detector that runs MXNet itself agrees with mms:ssd",
  async (_, python) => {
    const example = `${root}/fixtures/examples/object-detection`;
    const pictures = [
      `${example}/blocks.png`,
      `${DIGITS}/images/3_three.png`,
      ...(sharedFolder === undefined
        ? []
        : [`${sharedFolder}/images/3dogs.jpg`]),
    ];
    await askBoth("object-detection", {
      ...{ python, prefix: "blocks", service: "mxnet_ssd", twin: "mms:ssd" },
      questions: await Promise.all(
        pictures.map(async (path) => ({ body: await Deno.readFile(path) })),
      ),
    });
  },
);

mxnetTest(
  "a language model that runs MXNet itself agrees with mms:lstm",
  async (_, python) => {
    const sentences = [
      "The server loads unheard model",
      "what a network finds",
      "and answers every question that callers send it over http with what",
      "",
    ];
    await askBoth("language-model", {
      ...{ python, prefix: "words", service: "mxnet_lstm", twin: "mms:lstm" },
      questions: sentences.map((sentence) => ({
        body: JSON.stringify([{ input_sentence: sentence }]),
        headers: { "content-type": "application/json" },
      })),
    });
  },
);

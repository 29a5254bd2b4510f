import assert from "node:assert/strict";
import modelService from "../../src/export/python/mxnet_model_service.py" with {
  type: "text",
};
import visionService from "../../src/export/python/mxnet_vision_service.py" with {
  type: "text",
};
import { outcome } from "../cli/support/mms.ts";
import { modelFolder, onnxFiles } from "../support/model_folder.ts";
import { root } from "../support/paths.ts";
import { sharedFolder } from "../support/shared.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { pythonTest } from "./support/python.ts";
import { type ServiceServer, serviceServer } from "./support/service_server.ts";

const LINE = "ndarray.top_probability(d, self.labels, top=5)";
const PACKAGES = ["numpy", "onnxruntime", "PIL"];

interface Class {
  readonly probability: number;
  readonly class: string;
}

/** Exports a checkpoint, beside its service if there is one, into a store. */
async function exportModel(
  store: TempFolder,
  checkpoint: string,
  options: { readonly name: string; readonly service?: string },
): Promise<void> {
  await using folder = await tempFolder();
  for await (const { name } of Deno.readDir(checkpoint)) {
    if (!/(\.params|-symbol\.json|^signature\.json|^synset\.txt)$/.test(name)) {
      continue;
    }
    await Deno.copyFile(`${checkpoint}/${name}`, `${folder.path}/${name}`);
  }
  if (options.service !== undefined) {
    await folder.write("mxnet_vision_service.py", options.service);
  }
  const { code, err } = await outcome(
    ["export", "--model-name", options.name, "--model-path", folder.path],
    { folder: store },
  );
  assert.equal(code, 0, err);
}

async function classify(
  server: ServiceServer,
  model: string,
  picture: string,
): Promise<readonly Class[]> {
  const body = await Deno.readFile(picture);
  const headers = { "content-type": "image/jpeg" };
  const { status, text } = await server.ask(model, { body, headers });
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

/** The service of the model's export guide, edited to answer ten classes. */
async function answersTen(checkpoint: string, picture: string): Promise<void> {
  await using store = await tempFolder();
  assert.ok(visionService.includes(LINE));
  const service = visionService.replace("top=5", "top=10");
  await exportModel(store, checkpoint, { name: "five" });
  await exportModel(store, checkpoint, { name: "ten", service });
  await using server = await serviceServer(["--model-store", store.path]);
  for (const name of ["five", "ten"]) {
    const { status, text } = await server.register(`${name}.model`, {
      model_name: name,
    });
    assert.equal(status, 200, text);
  }
  const five = await classify(server, "five", picture);
  const ten = await classify(server, "ten", picture);
  assert.deepEqual([five.length, ten.length], [5, 10]);
  assert.deepEqual(
    ten.slice(0, 5).map((it) => it.class),
    five.map((it) => it.class),
  );
  five.forEach(({ probability }, i) => {
    const difference = Math.abs(ten[i]!.probability - probability);
    // Two decoders of JPEG differ by a step of 255 here and there.
    assert.ok(difference < 0.01, `${ten[i]!.probability}, ${probability}`);
  });
  const { text } = await server.manage("GET", "/models/ten");
  assert.equal(JSON.parse(text).service, "python");
  const { text: unedited } = await server.manage("GET", "/models/five");
  assert.equal(JSON.parse(unedited).service, "mms:image");
}

pythonTest(
  "a vision service edited to answer ten classes does, without MXNet",
  async (t) => {
    const digits = `${root}/fixtures/digits`;
    await t.step(
      "on a picture of a digit",
      () => answersTen(`${digits}/mxnet`, `${digits}/images/3_three.jpg`),
    );
    if (sharedFolder === undefined) return;
    const { models, images } = {
      models: `${sharedFolder}/models`,
      images: `${sharedFolder}/images`,
    };
    await t.step(
      "on a picture of a cat",
      () =>
        answersTen(`${models}/squeezenet_v1.1`, `${images}/kitten_small.jpg`),
    );
  },
  PACKAGES,
);

pythonTest(
  "a service of arrays that is edited runs its graph, without MXNet",
  async () => {
    await using folder = await modelFolder({
      ...onnxFiles(),
      "mxnet_model_service.py": modelService.replace(
        "output.asnumpy()",
        "(output.asnumpy() * 2)",
      ),
    });
    await using store = await tempFolder();
    const { code, err } = await outcome(
      ["export", "--model-name", "double", "--model-path", folder.path],
      { folder: store },
    );
    assert.equal(code, 0, err);
    await using server = await serviceServer(["--model-store", store.path]);
    const { status, text } = await server.register("double.model");
    assert.equal(status, 200, text);
    for (
      const [body, type] of [
        ["[[1, 2, 3, 4.5]]", "application/json"],
        ['{"data": [[1, 2, 3, 4.5]]}', "application/json"],
        ["data=[[1, 2, 3, 4.5]]", "application/x-www-form-urlencoded"],
      ] as const
    ) {
      const headers = { "content-type": type };
      const { text } = await server.ask("double", { body, headers });
      assert.deepEqual(JSON.parse(text), [[2, 4, 6, 9]]);
    }
  },
  ["numpy", "onnxruntime"],
);

pythonTest("what a Python service lacks is named", async () => {
  await using store = await tempFolder();
  const manifest = { model: { modelName: "lacking", handler: "service" } };
  await store.write(
    "lacking/MAR-INF/MANIFEST.json",
    JSON.stringify(manifest),
  );
  await store.write("lacking/service.py", "import mxnet.no_such_part as mx\n");
  await using server = await serviceServer(["--model-store", store.path]);
  const { status } = await server.register("lacking");
  assert.equal(status, 500);
  await server.logged(
    /Cannot load model "lacking": ModuleNotFoundError: No module named 'mxnet.*, \S+ -m pip install mxnet gets it/,
  );
});

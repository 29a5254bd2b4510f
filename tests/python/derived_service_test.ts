import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { mxnetTest, pythonTest } from "./support/python.ts";
import { type ServiceServer, serviceServer } from "./support/service_server.ts";

const DIGITS = `${root}/fixtures/digits`;

interface Class {
  readonly probability: number;
  readonly class: string;
}

/** Writes the digits as a model of format 0.x with a service. */
async function writeLegacy(
  store: TempFolder,
  name: string,
  code: string,
): Promise<void> {
  for await (const file of Deno.readDir(`${DIGITS}/mxnet`)) {
    const bytes = await Deno.readFile(`${DIGITS}/mxnet/${file.name}`);
    await store.write(`${name}/${file.name}`, bytes);
  }
  const model = {
    ...{ Service: "svc.py", "Model-Name": "digits" },
    ...{ Signature: "signature.json", Symbol: "digits-symbol.json" },
    ...{ Parameters: "digits-0000.params", "Model-Format": "MXNet-Symbolic" },
  };
  await store.write(
    `${name}/MANIFEST.json`,
    JSON.stringify({ Model: model, Engine: { MXNet: 1.2 } }),
  );
  await store.write(`${name}/svc.py`, code);
}

async function classify(
  server: ServiceServer,
  model: string,
): Promise<readonly Class[]> {
  const { status, text } = await server.ask(model, {
    body: await Deno.readFile(`${DIGITS}/images/7_seven.png`),
    headers: { "content-type": "image/png" },
  });
  assert.equal(status, 200, text);
  const [row] = JSON.parse(text);
  return row;
}

function assertAlike(ours: readonly Class[], theirs: readonly Class[]): void {
  assert.deepEqual(ours.map((it) => it.class), theirs.map((it) => it.class));
  ours.forEach(({ probability }, i) => {
    const gap = Math.abs(probability - theirs[i]!.probability);
    assert.ok(gap < 1e-3, `${probability}, ${theirs[i]!.probability}`);
  });
}

const VISION =
  "from mms.model_service.gluon_vision_service import GluonVisionService\n";

pythonTest(
  "a service that derives from GluonVisionService answers as mms:gluon-base does",
  async () => {
    await using store = await tempFolder();
    const code = `${VISION}class Digits(GluonVisionService):\n    pass\n`;
    await writeLegacy(store, "python", code);
    for await (const { name } of Deno.readDir(`${DIGITS}/mxnet`)) {
      const bytes = await Deno.readFile(`${DIGITS}/mxnet/${name}`);
      await store.write(`built-in/${name}`, bytes);
    }
    await using server = await serviceServer(["--model-store", store.path]);
    for (
      const [name, parameters] of [
        ["python", {}],
        ["built-in", { handler: "mms:gluon-base" }],
      ] as const
    ) {
      const { status, text } = await server.register(name, {
        model_name: name,
        ...parameters,
      });
      assert.equal(status, 200, text);
    }
    assertAlike(
      await classify(server, "python"),
      await classify(server, "built-in"),
    );
  },
  ["numpy", "onnxruntime", "PIL"],
);

pythonTest(
  "a service that derives from MXNetVisionService changes the stages that it has",
  async () => {
    await using store = await tempFolder();
    const code = `
from mms.model_service.mxnet_vision_service import MXNetVisionService
from mms.utils.mxnet import ndarray

class Unused:
    pass

class Two(MXNetVisionService):
    def _postprocess(self, data):
        return [[ndarray.top_probability(it, self.labels, top=2) for it in data]]
`;
    await writeLegacy(store, "two", code);
    await using server = await serviceServer(["--model-store", store.path]);
    const { status, text } = await server.register("two");
    assert.equal(status, 200, text);
    const classes = await classify(server, "digits");
    assert.deepEqual(classes.map((it) => it.class), ["seven", "three"]);
  },
  ["numpy", "onnxruntime", "PIL"],
);

mxnetTest(
  "a service gives GluonVisionService a network of MXNet itself",
  async (_, python) => {
    await using store = await tempFolder();
    const net = `import mxnet as mx
${VISION}class Digits(GluonVisionService):
    def __init__(self, model_name, model_dir, manifest, gpu=None):
        net = mx.gluon.SymbolBlock.imports(
            model_dir + "/digits-symbol.json", ["data"], model_dir + "/digits-0000.params"
        )
        super().__init__(model_name, model_dir, dict(manifest, Model=dict(manifest["Model"], Parameters=None)), net, gpu)
    def _inference(self, data):
        assert isinstance(data[0], mx.nd.NDArray), type(data[0])
        return super()._inference(data)
`;
    await writeLegacy(store, "mxnet", net);
    const code = `${VISION}class Digits(GluonVisionService):\n    pass\n`;
    await writeLegacy(store, "own", code);
    await using server = await serviceServer([
      ...["--model-store", store.path, "--python", python],
    ]);
    for (const name of ["mxnet", "own"]) {
      const { status, text } = await server.register(name, {
        model_name: name,
      });
      assert.equal(status, 200, text);
    }
    assertAlike(await classify(server, "own"), await classify(server, "mxnet"));
  },
);

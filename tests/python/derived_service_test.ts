import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { runProgram } from "./support/program.ts";
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

mxnetTest(
  "a service with a network of its own finds parameters and context",
  async (_, python) => {
    const program = `
import json, tempfile
import mxnet as mx
from mms.model_service.mxnet_vision_service import MXNetVisionService
folder = tempfile.mkdtemp()
trained = mx.gluon.nn.Dense(2, in_units=3)
trained.initialize(mx.init.Uniform(1))
trained.save_parameters(folder + "/net.params")
with open(folder + "/signature.json", "w") as file:
    json.dump({"inputs": [{"data_name": "data", "data_shape": [0, 3]}]}, file)
class Own(MXNetVisionService):
    def __init__(self, model_name, model_dir, manifest, gpu=None):
        super().__init__(model_name, model_dir, manifest, gpu)
        self.net = mx.gluon.nn.Dense(2, in_units=3)
        self.net.load_parameters(model_dir + "/" + self.param_filename, ctx=self.ctx)
    def _preprocess(self, data):
        return mx.nd.array(data, ctx=self.ctx)
    def _inference(self, data):
        return self.net(data)
    def _postprocess(self, data):
        return data.asnumpy().tolist()
service = Own("net", folder, {"Model": {"Parameters": "net.params"}})
service.initialize(None)
print(json.dumps([service.inference([[1, 2, 3]]), trained(mx.nd.array([[1, 2, 3]])).asnumpy().tolist()]))`;
    const [actual, expected] = await runProgram(program, {
      python,
    }) as unknown[];
    assert.deepEqual(actual, expected);
  },
);

mxnetTest(
  "GluonImperativeBaseService loads the parameters of the block it is given",
  async (_, python) => {
    const program = `
import json, os, tempfile
import mxnet as mx
from mms.model_service.mxnet_model_service import GluonImperativeBaseService
def build():
    net = mx.gluon.nn.HybridSequential()
    net.add(mx.gluon.nn.Dense(2, in_units=3))
    return net
folder = tempfile.mkdtemp()
trained = build()
trained.initialize(mx.init.Uniform(1))
trained.save_parameters(folder + "/net.params")
with open(folder + "/signature.json", "w") as file:
    json.dump({"inputs": [{"data_name": "data", "data_shape": [0, 3]}]}, file)
class Service(GluonImperativeBaseService):
    def __init__(self, model_name, model_dir, manifest, gpu=None):
        super().__init__(model_name, model_dir, manifest, build(), gpu)
service = Service("net", folder, {"Model": {"Parameters": "net.params"}})
given = mx.nd.array([[1, 2, 3]])
print(json.dumps([service.inference([given]).asnumpy().tolist(), trained(given).asnumpy().tolist()]))`;
    const [actual, expected] = await runProgram(program, {
      python,
    }) as unknown[];
    assert.deepEqual(actual, expected);
  },
);

mxnetTest(
  "mms.utils.mxnet gives a service of MXNet its own arrays",
  async (_, python) => {
    const program = `
import json
import mxnet as mx
from mms.utils.mxnet import image, ndarray, nlp
pixels = image.resize(mx.nd.zeros((4, 6, 3), dtype="uint8"), 2, 2)
batch = image.transform_shape(pixels)
sentence = nlp.pad_sentence([3, 1], [4, 8], invalid_label=0)
top = ndarray.top_probability(mx.nd.array([[0.25, 0.75]]), ["a", "b"], top=1)
print(json.dumps([
    isinstance(batch, mx.nd.NDArray), list(batch.shape), str(batch.dtype.__name__),
    type(sentence).__name__, sentence.bucket_key, sentence.data[0].asnumpy().tolist(), top,
]))`;
    assert.deepEqual(await runProgram(program, { python }), [
      ...[true, [1, 3, 2, 2], "uint8"],
      ...["DataBatch", 4, [[3, 1, 0, 0]]],
      [{ probability: 0.75, class: "b" }],
    ]);
  },
);

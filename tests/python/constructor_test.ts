import assert from "node:assert/strict";
import { modelFolder, onnxFiles, SIGNATURE } from "../support/model_folder.ts";
import { outcome } from "../cli/support/mms.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import { runProgram } from "./support/program.ts";
import { mxnetTest, pythonTest } from "./support/python.ts";
import { serviceServer } from "./support/service_server.ts";

const START = "from mms.model_service.mxnet_model_service import";

/** What the constructors of services looked like, the oldest first. */
const CONSTRUCTORS = [
  ["self, path, synset=None, ctx=None", "path, synset, ctx"],
  ["self, service_name, path, gpu=None", "service_name, path, gpu"],
  [
    "self, model_name, model_dir, manifest, gpu=None",
    "model_name, model_dir, manifest, gpu",
  ],
  ["self, *args, **options", "*args, **options"],
] as const;

const LEGACY_MANIFEST = {
  Model: {
    ...{ Service: "svc.py", "Model-Name": "aged", Signature: "signature.json" },
    "Model-Format": "MXNet-Symbolic",
  },
  Engine: { MXNet: 0.12 },
};

pythonTest("a service of format 0.x is constructed", async (t) => {
  await using store = await tempFolder();
  await using server = await serviceServer(["--model-store", store.path]);

  for (const [i, [asked, passed]] of CONSTRUCTORS.entries()) {
    await t.step(`as __init__(${asked}) asks for it`, async () => {
      const name = `aged${i}`;
      await store.write(
        `${name}/MANIFEST.json`,
        JSON.stringify(LEGACY_MANIFEST),
      );
      await store.write(`${name}/signature.json`, JSON.stringify(SIGNATURE));
      await store.write(`${name}/synset.txt`, "one\ntwo\n");
      await store.write(
        `${name}/svc.py`,
        `${START} MXNetBaseService
class Aged(MXNetBaseService):
    def __init__(${asked}):
        super().__init__(${passed})
        self.mx_model = "its own"
        self._signature = dict(self._signature, input_type="image/jpeg")
    def _preprocess(self, data):
        return [self.labels, self.data_names, self.data_shapes, self.mx_model]
    def _inference(self, data):
        return [self.signature["input_type"]] + data
    def _postprocess(self, data):
        return [data]
`,
      );
      const { status, text } = await server.register(name, {
        model_name: name,
      });
      assert.equal(status, 200, text);
      const answer = await server.ask(name, { body: "x" });
      assert.deepEqual(JSON.parse(answer.text), [
        ...["image/jpeg", ["one", "two"], ["data"], [["data", [1, 4]]]],
        "its own",
      ]);
    });
  }
});

/** What runs outside of a worker: the path of an archive, or of a folder. */
const ALONE = `
import json, sys
${START} MXNetBaseService
class Alone(MXNetBaseService):
    def __init__(self, path, synset=None, ctx=None):
        super().__init__(path, synset, ctx)
service = Alone(sys.argv[1])
print(json.dumps([service.model_name, service.inference([[[1, 2, 3, 4.5]]])]))`;

pythonTest("a service outside of a worker", async (t) => {
  await t.step("opens an archive or a folder with an ONNX file", async () => {
    await using folder = await modelFolder(onnxFiles());
    await using work = await tempFolder();
    const { code, err } = await outcome(
      ["export", "--model-name", "alone", "--model-path", folder.path],
      { folder: work },
    );
    assert.equal(code, 0, err);
    for (const path of [`${work.path}/alone.model`, folder.path]) {
      const [, answer] = await runProgram(ALONE, { args: [path] }) as unknown[];
      assert.deepEqual(answer, ["[[1.0, 2.0, 3.0, 4.5]]"]);
    }
  });
}, ["numpy", "onnxruntime"]);

pythonTest("check_input_shape()", async () => {
  const program = `
import json
${START} check_input_shape
class Shaped:
    def __init__(self, *shape):
        self.shape = shape
signature = {"inputs": [{"data_name": "a", "data_shape": [1, 3, 0]}]}
said = []
for inputs in ([Shaped(7, 3, 9)], [Shaped(1, 2, 9)], [Shaped(1, 3)], [], 5):
    try:
        check_input_shape(inputs, signature)
        said.append(None)
    except AssertionError as error:
        said.append(str(error))
print(json.dumps(said))`;
  assert.deepEqual(await runProgram(program), [
    null,
    'input "a" is (1, 2, 9), the signature has (1, 3, 0)',
    'input "a" is (1, 3), the signature has (1, 3, 0)',
    "there are 0 inputs, the signature has 1",
    "inputs are a list, not int",
  ]);
});

mxnetTest(
  "a service that drives its module itself has one",
  async (_, python) => {
    const program = `
import json, sys
import mxnet as mx
${START} MXNetBaseService
class Driving(MXNetBaseService):
    def __init__(self, path, synset=None, ctx=mx.cpu()):
        super().__init__(path, synset, ctx)
    def _preprocess(self, data):
        return mx.io.DataBatch([mx.nd.zeros((2, 3, 32, 32))])
    def _inference(self, data):
        self.mx_model.forward(data)
        return self.mx_model.get_outputs()
    def _postprocess(self, data):
        return [list(it.shape) for it in data]
print(json.dumps(Driving(sys.argv[1]).inference([None])))`;
    const args = [`${root}/fixtures/digits/mxnet`];
    assert.deepEqual(await runProgram(program, { args, python }), [[2, 10]]);
  },
);

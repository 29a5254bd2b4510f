import assert from "node:assert/strict";
import { runProgram } from "./support/program.ts";
import { mxnetTest } from "./support/python.ts";

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

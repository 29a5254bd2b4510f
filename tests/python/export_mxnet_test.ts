import assert from "node:assert/strict";
import { answer, workplace } from "./support/exported.ts";
import { runProgram } from "./support/program.ts";
import { mxnetTest } from "./support/python.ts";

mxnetTest("export_serving() of networks of MXNet itself", async (t, python) => {
  await using work = await workplace();
  const run = (program: string) =>
    runProgram(
      `import json, os\nimport mxnet as mx\nfrom mms.export_model import export_serving\n${program}`,
      {
        python,
        folder: work.path,
        env: work.env,
      },
    );

  await t.step("exports a Module, which then answers as it did", async () => {
    const [names, expected] = await run(`
data = mx.sym.Variable("data")
net = mx.sym.FullyConnected(data, num_hidden=3, name="fc")
net = mx.sym.SoftmaxOutput(net, name="softmax")
mod = mx.mod.Module(net)
mod.bind(data_shapes=[("data", (4, 2))], label_shapes=[("softmax_label", (4,))])
mod.init_params(mx.init.Uniform(1))
path = export_serving(mod, "module", {"input_type": "application/json", "output_type": "application/json"})
mod.forward(mx.io.DataBatch([mx.nd.array([[1, 2]] * 4)]), is_train=False)
expected = mod.get_outputs()[0].asnumpy()[:1].tolist()
import zipfile
with zipfile.ZipFile(path) as archive:
    archive.extractall("module")
with open("module/signature.json") as file:
    print(json.dumps([json.load(file), expected]))`) as readonly [
      object,
      number[][],
    ];
    assert.deepEqual(names, {
      inputs: [{ data_name: "data", data_shape: [0, 2] }],
      outputs: [{ data_name: "softmax_output", data_shape: [0, 3] }],
      input_type: "application/json",
      output_type: "application/json",
    });
    const [actual] = await answer(`${work.path}/module`, [[
      1,
      2,
    ]]) as number[][][];
    close(actual![0]!, expected[0]!);
  });

  await t.step("exports a hybridized Gluon network", async () => {
    const [signature, expected] = await run(`
net = mx.gluon.nn.HybridSequential()
with net.name_scope():
    net.add(mx.gluon.nn.Dense(4, activation="relu"), mx.gluon.nn.Dense(3))
net.initialize(mx.init.Uniform(1))
net.hybridize()
expected = net(mx.nd.array([[1, 2]])).asnumpy().tolist()
signature = {"input_type": "application/json", "output_type": "application/json", "inputs": [{"data_name": "data", "data_shape": [1, 2]}]}
path = export_serving(net, "gluon", signature)
import zipfile
with zipfile.ZipFile(path) as archive:
    archive.extractall("gluon")
with open("gluon/signature.json") as file:
    print(json.dumps([json.load(file), expected]))`) as readonly [
      { readonly outputs: readonly { readonly data_shape: unknown }[] },
      number[][],
    ];
    assert.deepEqual(signature.outputs.map((it) => it.data_shape), [[0, 3]]);
    const [actual] = await answer(`${work.path}/gluon`, [[
      1,
      2,
    ]]) as number[][][];
    close(actual![0]!, expected[0]!);
  });
});

function close(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) < 1e-5, `${actual}, ${expected}`);
  });
}

import assert from "node:assert/strict";
import { tempFolder } from "../support/temp.ts";
import { pythonTest } from "./support/python.ts";
import { serviceServer } from "./support/service_server.ts";

const FUNCTION = `
def run(data, context):
    return data and ["function"] * len(data)
`;
const CLASS = `
class Service:
    def initialize(self, context):
        self.name = context.model_name
    def handle(self, data, context):
        return [self.name] * len(data)
`;
const LEGACY =
  "from mms.model_service.mxnet_model_service import SingleNodeService\n";

/** Handlers that are found, the code of `pkg/svc.py`, and what it answers. */
const FOUND = [
  ["pkg/svc.py:run", FUNCTION, "function"],
  ["pkg/svc:run", FUNCTION, "function"],
  ["pkg.svc:run", FUNCTION, "function"],
  ["pkg/svc.py", FUNCTION.replace("run", "handle"), "function"],
  ["pkg/svc", CLASS, "found"],
  ["pkg/svc:no_such_function", CLASS, "found"],
  ["pkg/svc", `from collections import OrderedDict\n${CLASS}`, "found"],
] as const;

/** Code of `svc.py` that cannot be loaded, and why. */
const REFUSED = [
  ["", /Expected only one class .* "svc" has none/],
  [
    `${CLASS}\nclass Other:\n    pass`,
    /Expected only one class .* Other, Service/,
  ],
  [
    "class Service:\n    def handle(self, data, context):\n        pass",
    /class Service has no method "initialize"/,
  ],
  [
    "class Service:\n    def initialize(self, context):\n        self.x = context.no_such\n    def handle(self, data, context):\n        pass",
    /AttributeError: .*no_such/,
  ],
  [
    "import no_such_module",
    /ModuleNotFoundError: No module named 'no_such_module'/,
  ],
  ["def handle(", /SyntaxError: /],
  ["import sys\nsys.exit(7)", /it ended with code 7/],
] as const;

pythonTest("the handler of a Python service", async (t) => {
  await using store = await tempFolder();
  await using server = await serviceServer(["--model-store", store.path]);
  let count = 0;
  const write = async (handler: string, files: Record<string, string>) => {
    const folder = `model${++count}`;
    const manifest = { model: { modelName: "found", handler } };
    await store.write(
      `${folder}/MAR-INF/MANIFEST.json`,
      JSON.stringify(manifest),
    );
    for (const [name, text] of Object.entries(files)) {
      await store.write(`${folder}/${name}`, text);
    }
    return folder;
  };

  for (const [handler, code, answer] of FOUND) {
    await t.step(`${handler} is found`, async () => {
      const folder = await write(handler, { "pkg/svc.py": code });
      const { status, text } = await server.register(folder);
      assert.equal(status, 200, text);
      assert.equal((await server.ask("found")).text, answer);
      await server.manage("DELETE", "/models/found");
    });
  }

  for (const [code, reason] of REFUSED) {
    await t.step(`is refused: ${reason.source}`, async () => {
      const folder = await write("svc", { "svc.py": code });
      assert.equal((await server.register(folder)).status, 500);
      await server.logged(reason);
    });
  }
});

/** The input's name, how a caller sends it, and what the service is given. */
const VALUES = [
  [
    "application/json",
    "data=[1, (2, 3)]",
    "application/x-www-form-urlencoded",
    "[[1, (2, 3)]]",
  ],
  ["application/json", '{"a": [1]}', "application/json", "[{'a': [1]}]"],
  [
    "application/json",
    "body={'b': 1}",
    "application/x-www-form-urlencoded",
    "[{'b': 1}]",
  ],
  ["image/jpeg", "xyz", "image/jpeg", "[bytearray(b'xyz')]"],
] as const;

pythonTest("a service of format 0.x", async (t) => {
  await using store = await tempFolder();
  await using server = await serviceServer(["--model-store", store.path]);
  const write = async (folder: string, type: string, code: string) => {
    const model = {
      ...{
        Service: "svc.py",
        "Model-Name": folder,
        Signature: "signature.json",
      },
      "Model-Format": "MXNet-Symbolic",
    };
    await store.write(
      `${folder}/MANIFEST.json`,
      JSON.stringify({ Model: model, Engine: { MXNet: 1.2 } }),
    );
    const inputs = [{ data_name: "data", data_shape: [0, 2] }];
    const signature = { inputs, input_type: type, outputs: inputs };
    await store.write(
      `${folder}/signature.json`,
      JSON.stringify({ ...signature, output_type: "application/json" }),
    );
    await store.write(`${folder}/svc.py`, code);
  };

  for (const [i, [type, body, contentType, given]] of VALUES.entries()) {
    await t.step(`is given ${given} for ${body}`, async () => {
      const name = `legacy${i}`;
      const show =
        "    def inference(self, data):\n        return repr(data)\n";
      const other = "class Another:\n    pass\n";
      await write(
        name,
        type,
        `${LEGACY}${other}class S(SingleNodeService):\n${show}`,
      );
      const { status, text } = await server.register(name);
      assert.equal(status, 200, text);
      const headers = { "content-type": contentType };
      assert.equal((await server.ask(name, { body, headers })).text, given);
    });
  }

  await t.step("runs its stages, each of which may be its own", async () => {
    const stages = ["preprocess", "inference", "postprocess"].map((stage) =>
      `    def _${stage}(self, data):\n        return data + ["${stage}"]\n`
    );
    const start =
      "    def __init__(self, *args):\n        super().__init__(*args)\n        self.kind = self.signature['input_type']\n";
    const end =
      "    def inference(self, data):\n        return [super().inference([self.kind])]\n";
    await write(
      "stages",
      "image/jpeg",
      `${LEGACY}class S(SingleNodeService):\n${start}${stages.join("")}${end}`,
    );
    assert.equal((await server.register("stages")).status, 200);
    assert.deepEqual(JSON.parse((await server.ask("stages")).text), [
      ...["image/jpeg", "preprocess", "inference", "postprocess"],
    ]);
  });

  await t.step("without such a class is refused", async () => {
    await write("classless", "image/jpeg", `${LEGACY}class Other:\n    pass\n`);
    assert.equal((await server.register("classless")).status, 500);
    await server.logged(
      /"svc\.py" defines no class that derives from SingleNodeService/,
    );
  });
});

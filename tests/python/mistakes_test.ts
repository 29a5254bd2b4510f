import assert from "node:assert/strict";
import { tempFolder } from "../support/temp.ts";
import { pythonTest } from "./support/python.ts";
import { serviceServer } from "./support/service_server.ts";

/** A function that is not asked to answer nothing. */
function handling(code: string): string {
  return `def handle(data, context):\n    if data is None:\n        return None\n    ${code}\n`;
}

/** What it returns, and what its author reads of it. */
const RETURNED = [
  [
    "return {'a': 1}",
    /service\.py: handle returned a dict, a list with an answer for each request would be right/,
  ],
  ["return tuple(data)", /service\.py: handle returned a tuple, a list/],
  ["pass", /service\.py: handle returned None, a list/],
  [
    "return [1, 2, 3]",
    /service\.py: handle returned 3 answers for 1 request, one for each would be right/,
  ],
  [
    "return [{'all': {1, 2}}]",
    /service\.py: an answer cannot be written as JSON: Object of type set is not JSON serializable/,
  ],
  [
    "import array; return [array.array('d', [1.0])]",
    /service\.py: .* Object of type array is not JSON serializable, what its tolist\(\) returns is/,
  ],
] as const;

/** Code that cannot be loaded, and all that its author reads of it. */
const REFUSED = [
  [
    "import json\nimport no_such_module\n",
    /Traceback \(most recent call last\):\n.* {3}File ".*service\.py", line 2, in <module>\n.*\n.*ModuleNotFoundError/,
  ],
  [
    "def handle(data, context):\n    return [1\n",
    /stderr mms\.worker - {3,}File ".*service\.py", line 2\n/,
  ],
  [
    "def handler(data, context):\n    return [1]\n",
    /"service" has none, and no function "handle", but "handler"/,
  ],
  [
    "from mxnet_vision_service import MXNetVisionService\n",
    /No module named 'mxnet_vision_service', it is mms\.model_service\.mxnet_vision_service/,
  ],
] as const;

pythonTest("the author of a Python service is told", async (t) => {
  await using store = await tempFolder();
  await using server = await serviceServer(["--model-store", store.path]);
  let count = 0;
  const register = async (code: string) => {
    const name = `model${++count}`;
    await store.write(
      `${name}/MAR-INF/MANIFEST.json`,
      JSON.stringify({ model: { modelName: name, handler: "service:handle" } }),
    );
    const signature = { inputs: [], input_type: "image/jpeg" };
    await store.write(`${name}/signature.json`, JSON.stringify(signature));
    await store.write(`${name}/service.py`, code);
    return { name, ...await server.register(name) };
  };

  for (const [code, reason] of RETURNED) {
    await t.step(`that what it returns is no answer: ${code}`, async () => {
      const { name } = await register(handling(code));
      assert.equal((await server.ask(name)).status, 503);
      await server.logged(reason);
    });
  }

  for (const [code, reason] of REFUSED) {
    await t.step(`why it cannot be loaded: ${reason.source}`, async () => {
      assert.equal((await register(code)).status, 500);
      await server.logged(reason);
    });
  }

  await t.step("nothing of how it was come to", () => {
    assert.doesNotMatch(
      server.log(),
      /importlib|mms\/worker|LoadError|json\/enc/,
    );
  });

  await t.step("that a handler may name a class as well", async () => {
    const { name, status, text } = await register(
      "class handle:\n    def initialize(self, context):\n        self.x = 1\n    def handle(self, data, context):\n        return [str(self.x)] * len(data)\n",
    );
    assert.equal(status, 200, text);
    assert.equal((await server.ask(name)).text, "1");
  });

  await t.step("nothing of a class of format 0.x that is named", async () => {
    const { name, status, text } = await register(
      "from mms.model_service.model_service import SingleNodeService\nclass Mine(SingleNodeService):\n    def _preprocess(self, data):\n        return [self.model_name]\n",
    );
    assert.equal(status, 200, text);
    assert.equal((await server.ask(name)).text, name);
  });
});

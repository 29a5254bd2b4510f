import assert from "node:assert/strict";
import { openFolder, type StockServices } from "../../src/archive/mod.ts";
import { fingerprint } from "../../src/archive/model/stock_service.ts";
import {
  PythonWorkers,
  workerLaunch,
  workerService,
} from "../../src/workload/mod.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import {
  missingPackage,
  mxnetTest,
  PYTHON,
  pythonTest,
} from "./support/python.ts";
import { needing } from "../support/needing.ts";

/** Stand for files of the original server, none of which is in this tree. */
const BASE = `import mxnet as mx

class MXNetModelService:
    WHOSE = "of the original"
`;
const UTILITY = `import mxnet as mx

def read(buf):
    return mx.img.imdecode(buf)
`;
const STOCK: StockServices = new Map([
  [fingerprint(BASE), "base"],
  [fingerprint(UTILITY), "utils-image"],
]);

/** What people make of the template: ten classes instead of five. */
const SERVICE = `from mxnet_model_service import MXNetModelService
from mxnet_utils import image, ndarray

class TenClasses(MXNetModelService):
    def preprocess(self, request):
        height, width = self.signature["inputs"][0]["data_shape"][2:]
        pictures = []
        for fields in request:
            try:
                pixels = image.read(fields["body"])
            except Exception:
                self.error = "Corrupted image input"
                return None
            pictures.append(image.transform_shape(image.resize(pixels, width, height)))
        return pictures

    def postprocess(self, data):
        if self.error is not None:
            return [self.error] * self._batch_size
        return [ndarray.top_probability(it, self.labels, top=10) for it in data]

_service = TenClasses()

def handle(data, context):
    if not _service.initialized:
        _service.initialize(context)
    return None if data is None else _service.handle(data, context)
`;

/** Runs `use` with what answers for a service beside files of the original. */
async function withService(
  { python, service }: { readonly python: string; readonly service: string },
  use: (ask: (body: Uint8Array) => Promise<string>) => Promise<void>,
): Promise<void> {
  await using folder = await tempFolder();
  for await (const { name } of Deno.readDir(`${root}/fixtures/digits/mxnet`)) {
    const bytes = await Deno.readFile(`${root}/fixtures/digits/mxnet/${name}`);
    await folder.write(name, bytes);
  }
  const manifest = { model: { modelName: "digits", handler: "ten:handle" } };
  await folder.write("MAR-INF/MANIFEST.json", JSON.stringify(manifest));
  await folder.write("ten.py", service);
  await folder.write("mxnet_model_service.py", BASE);
  await folder.write("mxnet_utils/__init__.py", "");
  await folder.write("mxnet_utils/image.py", UTILITY);
  await folder.write(
    "mxnet_utils/ndarray.py",
    await Deno.readTextFile(
      `${root}/src/workload/python/mms/utils/mxnet/ndarray.py`,
    ),
  );
  await using workers = new PythonWorkers({
    interpreter: python,
    stock: STOCK,
  });
  await using model = await workerService(await openFolder(folder.path), {
    launch: workers.beside(workerLaunch(`${root}/main.ts`)),
    batchSize: 1,
    threads: 1,
    signal: new AbortController().signal,
  });
  await use(async (data) => {
    const fields = new Map([["body", { contentType: "", data }]]);
    const [answer] = await model.predict([
      { requestId: "1", headers: {}, fields },
    ]);
    assert.equal(answer?.status, "fulfilled");
    return new TextDecoder().decode(answer.value.body);
  });
}

const WITHOUT =
  "a service beside an unedited base of the original runs without MXNet";

if (missingPackage(["mxnet"]) === undefined) {
  needing("a Python without it")(WITHOUT, runsWithout);
} else pythonTest(WITHOUT, runsWithout, ["numpy", "onnxruntime", "PIL"]);

async function runsWithout(): Promise<void> {
  await withService({ python: PYTHON, service: SERVICE }, async (ask) => {
    const picture = `${root}/fixtures/digits/images/7_seven.png`;
    const classes = JSON.parse(await ask(await Deno.readFile(picture)));
    assert.equal(classes.length, 10);
    assert.equal(classes[0].class, "seven");
    assert.equal(await ask(new Uint8Array([1])), "Corrupted image input");
  });
}

mxnetTest(
  "a service beside a base of the original has that where MXNet is",
  async (_, python) => {
    const service = `from mxnet_model_service import MXNetModelService
def handle(data, context):
    return data and [MXNetModelService.WHOSE] * len(data)
`;
    await withService({ python, service }, async (ask) => {
      assert.equal(await ask(new Uint8Array()), "of the original");
    });
  },
);

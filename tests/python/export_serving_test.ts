import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { outcome } from "../cli/support/mms.ts";
import { denseFiles } from "../support/checkpoint.ts";
import { modelFolder } from "../support/model_folder.ts";
import { tempFolder } from "../support/temp.ts";
import { answer, workplace } from "./support/exported.ts";
import { PACKAGE, runProgram } from "./support/program.ts";
import { pythonTest } from "./support/python.ts";

/** What stands in for networks of MXNet, as far as they are asked. */
const STAND_INS = `
import json, os, shutil, sys
from mms.export_model import export_serving
files = sys.argv[1]
def save(prefix, epoch):
    shutil.copy(files + "/net-symbol.json", prefix + "-symbol.json")
    shutil.copy(files + "/net-0000.params", "%s-%04d.params" % (prefix, epoch))
class Module:
    binded = params_initialized = True
    data_shapes = [("data", (7, 2))]
    output_shapes = [("fc_output", (7, 1))]
    def save_checkpoint(self, prefix, epoch):
        save(prefix, epoch)
class Net:
    def export(self, prefix, epoch):
        save(prefix, epoch)
TYPES = {"input_type": "application/json", "output_type": "application/json"}
`;

const UNPACK = `
import zipfile
with zipfile.ZipFile(path) as archive:
    archive.extractall("unpacked")
    names = sorted(archive.namelist())
with open("unpacked/signature.json") as file:
    signature = json.load(file)
print(json.dumps([names, signature]))`;

pythonTest("export_serving()", async (t) => {
  await using files = await modelFolder(denseFiles());
  await using work = await workplace();
  const run = (program: string) =>
    runProgram(STAND_INS + program, {
      args: [files.path],
      folder: work.path,
      env: work.env,
    });

  await t.step("fills in what a signature leaves to the module", async () => {
    await work.write("synset.txt", "one\n");
    const [names, signature] = await run(`
path = export_serving(Module(), "dense", TYPES, aux_files=["synset.txt"])
assert path == os.path.join(os.getcwd(), "dense.model"), path
${UNPACK}`) as readonly [readonly string[], object];
    assert.deepEqual(signature, {
      inputs: [{ data_name: "data", data_shape: [0, 2] }],
      outputs: [{ data_name: "fc_output", data_shape: [0, 1] }],
      input_type: "application/json",
      output_type: "application/json",
    });
    assert.ok(names.includes("synset.txt"));
    assert.deepEqual(await answer(`${work.path}/unpacked`, [[1, 1]]), [[[13]]]);
  });

  await t.step("writes what mms export writes", async () => {
    await using folder = await tempFolder();
    for (const file of ["symbol.json", "0000.params"]) {
      const bytes = await Deno.readFile(`${files.path}/net-${file}`);
      await folder.write(`same-${file}`, bytes);
    }
    const [, signature] = await run(`
path = export_serving(Net(), "same", dict(TYPES, inputs=[{"data_name": "data", "data_shape": [0, 2]}], outputs=[{"data_name": "fc", "data_shape": [0, 1]}]))
${UNPACK}`) as readonly [unknown, object];
    await folder.write("signature.json", JSON.stringify(signature, null, 2));
    const { code, err } = await outcome(
      ["export", "--model-name", "same", "--model-path", folder.path],
      { folder },
    );
    assert.equal(code, 0, err);
    assert.deepEqual(
      await Deno.readFile(`${work.path}/same.model`),
      await Deno.readFile(`${folder.path}/same.model`),
    );
  });

  for (
    const [call, reason] of [
      [
        'export_serving(3, "x", TYPES)',
        "Cannot export a int: a Module or a hybridized Gluon network would be right",
      ],
      [
        'export_serving(Net(), "x", TYPES)',
        'Cannot export the Gluon network: its signature names no inputs, such as {"data_name": "data", "data_shape": [0, 3, 224, 224]}',
      ],
      [
        'Module.binded = False\n    export_serving(Module(), "x", TYPES)',
        "Cannot export the module: it is not bound or has no parameters, bind() and init_params() or fit() would be right",
      ],
      [
        'os.environ["MMS_COMMAND"] = ""\n    os.environ["PATH"] = ""\n    export_serving(Module(), "x", TYPES)',
        'Cannot export "x": there is no program mms on the path, the variable MMS_COMMAND names it elsewhere',
      ],
    ] as const
  ) {
    await t.step(
      `refuses: ${reason}`,
      async () => {
        const said = await run(`
try:
    ${call}
except (ValueError, OSError) as error:
    print(json.dumps(str(error)))`);
        assert.equal(said, reason);
      },
    );
  }
});

Deno.test("the Python package has the version of the program", async () => {
  const text = await Deno.readTextFile(`${PACKAGE}/pyproject.toml`);
  assert.equal(/^version = "(.*)"$/m.exec(text)?.[1], config.version);
});

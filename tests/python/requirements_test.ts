import assert from "node:assert/strict";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { PYTHON, pythonTest } from "./support/python.ts";
import { serviceServer } from "./support/service_server.ts";

const SERVICE = `import mms_test_dependency

def handle(data, context):
    return data and [mms_test_dependency.WORD] * len(data)
`;

/** A package of our own needs no index. */
const OFFLINE = "--no-index\n";

/** Writes a model that imports a package, and the package beside it. */
async function writeModel(
  store: TempFolder,
  { name, requirements }: {
    readonly name: string;
    readonly requirements: string;
  },
): Promise<void> {
  const manifest = { model: { modelName: name, handler: "service" } };
  await store.write(
    `${name}/MAR-INF/MANIFEST.json`,
    JSON.stringify(manifest),
  );
  await store.write(`${name}/service.py`, SERVICE);
  await store.write(`${name}/requirements.txt`, requirements);
}

/** Writes a wheel (PEP 427) with one module, and returns its file name. */
async function writeWheel(folder: string): Promise<string> {
  const file = "mms_test_dependency-1.0-py3-none-any.whl";
  const program = `
import sys, zipfile
info = "mms_test_dependency-1.0.dist-info/"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("mms_test_dependency.py", "WORD = 'installed'\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: mms-test-dependency\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")`;
  const { success } = await new Deno.Command(PYTHON, {
    args: ["-c", program, `${folder}/${file}`],
  }).output();
  assert.ok(success);
  return file;
}

pythonTest("requirements.txt of a model", async (t) => {
  await using store = await tempFolder();
  for (const name of ["first", "second"]) {
    await Deno.mkdir(`${store.path}/${name}`);
    const wheel = await writeWheel(`${store.path}/${name}`);
    await writeModel(store, { name, requirements: `${OFFLINE}./${wheel}\n` });
  }
  await writeModel(store, {
    name: "lacking",
    requirements: `${OFFLINE}no-such-package-of-mms==1.0\n`,
  });

  await t.step("is left alone unless the settings say otherwise", async () => {
    await using server = await serviceServer(["--model-store", store.path]);
    assert.equal((await server.register("first")).status, 500);
    await server.logged(
      /"first" has a requirements\.txt that is not installed, install_py_dep_per_model=true installs it/,
    );
    await server.logged(/No module named 'mms_test_dependency'/);
  });

  await using cache = await tempFolder();
  await using server = await serviceServer([
    ...["--model-store", store.path, "--install-py-dep-per-model", "true"],
    ...["--cache-dir", cache.path],
  ]);

  await t.step("is installed once for all that require the same", async () => {
    const registered = await Promise.all(
      ["first", "second"].map((name) => server.register(name)),
    );
    for (const { status, text } of registered) assert.equal(status, 200, text);
    for (const name of ["first", "second"]) {
      assert.equal((await server.ask(name)).text, "installed");
    }
    await server.logged(/Installed requirements\.txt of "(first|second)"/);
    assert.equal(server.log().match(/Installed requirements/g)?.length, 1);
  });

  await t.step("is installed anew once the cache was emptied", async () => {
    for (const name of ["first", "second"]) {
      await server.manage("DELETE", `/models/${name}`);
    }
    await Deno.remove(`${cache.path}/environments`, { recursive: true });
    const { status, text } = await server.register("first");
    assert.equal(status, 200, text);
    assert.equal((await server.ask("first")).text, "installed");
  });

  await t.step("that cannot be installed is told of", async () => {
    const { status } = await server.register("lacking", { synchronous: false });
    assert.equal(status, 202);
    await server.logged(/Cannot install requirements\.txt of model "lacking"/);
    const { text } = await server.manage("GET", "/models/lacking");
    assert.equal(
      JSON.parse(text).reason,
      'Cannot install requirements.txt of model "lacking": No matching distribution found for no-such-package-of-mms==1.0',
    );
  });
}, ["pip", "venv"]);

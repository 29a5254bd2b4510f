import assert from "node:assert/strict";
import {
  openCheckpoint,
  openFolder,
  openOnnxFile,
} from "../../../src/archive/mod.ts";
import { root } from "../../support/paths.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";

const MANIFEST = "MAR-INF/MANIFEST.json";
const SIGNATURE = JSON.stringify({
  inputs: [{ data_name: "data", data_shape: [0, 3, 8, 8] }],
});
const LEGACY = {
  "Model-Archive-Version": 0.1,
  "Model-Archive-Description": "A net",
  "License": "Apache 2.0",
  "Created-By": { "Model-Server": 0.2 },
  "Model": {
    "Model-Name": "net",
    "Symbol": "net-symbol.json",
    "Parameters": "net-0007.params",
    "Signature": "signature.json",
    "Model-Format": "MXNet-Symbolic",
    "Service": "net_service.py",
  },
  "Engine": { "MXNet": 0.12 },
};
const LEGACY_FILES = {
  "MANIFEST.json": JSON.stringify(LEGACY),
  "signature.json": SIGNATURE,
  "net-symbol.json": "{}",
  "net-0000.params": "",
  "net-0007.params": "",
  "net_service.py": "pass",
};

/** Makes a folder with these files. */
async function folderWith(
  files: Readonly<Record<string, string>>,
): Promise<TempFolder> {
  const temp = await tempFolder();
  for (const [name, content] of Object.entries(files)) {
    await temp.write(name, content);
  }
  return temp;
}

/** Asserts that a folder with these files is refused. */
async function assertInvalid(
  files: Readonly<Record<string, string>>,
  message: string | RegExp,
): Promise<void> {
  await using temp = await folderWith(files);
  await assert.rejects(openFolder(temp.path), {
    code: "invalid_archive",
    message,
  });
}

Deno.test("openFolder() on format 1.0", async (t) => {
  await t.step("reads every field", async () => {
    const raw = {
      runtime: "python3",
      engine: { engineName: "MXNet", engineVersion: 1.2 },
      model: {
        modelName: "net",
        modelVersion: "7",
        handler: "service:handle",
        extensions: {},
      },
      description: "A net",
      specificationVersion: "1.0",
    };
    await using temp = await folderWith({ [MANIFEST]: JSON.stringify(raw) });
    const { name, folder, manifest } = await openFolder(temp.path);
    assert.deepEqual({ name, folder }, { name: "net", folder: temp.path });
    assert.deepEqual(manifest, {
      specificationVersion: "1.0",
      runtime: "python3",
      modelName: "net",
      modelVersion: "7",
      description: "A net",
      handler: "service:handle",
      engine: { name: "MXNet", version: "1.2" },
      files: { symbol: undefined, parameters: undefined, signature: undefined },
      raw,
    });
  });

  await t.step("fills what is left out, or null", async () => {
    const raw = { model: null, engine: null, runtime: null };
    await using temp = await folderWith({ [MANIFEST]: JSON.stringify(raw) });
    const { name, manifest } = await openFolder(temp.path, { name: "mine" });
    assert.equal(name, "mine");
    assert.equal(manifest.runtime, "python");
    assert.equal(manifest.handler, undefined);
    assert.equal(manifest.engine, undefined);
  });

  await t.step("takes precedence over a legacy manifest", async () => {
    await using temp = await folderWith({
      ...LEGACY_FILES,
      [MANIFEST]: JSON.stringify({ model: { modelName: "new" } }),
    });
    assert.equal((await openFolder(temp.path)).name, "new");
  });

  await t.step("refuses with the original's texts", async () => {
    await assertInvalid(
      { [MANIFEST]: `{"runtime": "PYTHON"}` },
      "Runtime is not defined or invalid.",
    );
    await assertInvalid(
      { [MANIFEST]: `{"engine": {"engineVersion": "1"}}` },
      "engineName is required in <engine>.",
    );
    await assertInvalid(
      { [MANIFEST]: `{"model": }` },
      /^Cannot read "MAR-INF\/MANIFEST\.json": .* is not valid JSON/,
    );
  });

  await t.step("names the field of the wrong kind", () =>
    assertInvalid(
      { [MANIFEST]: `{"model": {"modelName": ["a"]}}` },
      'Cannot read "MAR-INF/MANIFEST.json": model.modelName is ["a"], a text would be right',
    ));

  await t.step("refuses a manifest that is large or deep", async () => {
    await assertInvalid(
      { [MANIFEST]: " ".repeat(2 ** 20 + 1) },
      /larger than 1048576 bytes/,
    );
    await assertInvalid(
      { [MANIFEST]: "[".repeat(101) + "]".repeat(101) },
      /nest deeper than 100/,
    );
  });

  await t.step("counts brackets outside of texts only", async () => {
    const text = '[{"\\"'.repeat(200);
    const raw = { description: text, model: { modelName: "net" } };
    await using temp = await folderWith({ [MANIFEST]: JSON.stringify(raw) });
    assert.equal((await openFolder(temp.path)).manifest.description, text);
  });
});

Deno.test("openFolder() on a legacy archive", async (t) => {
  await t.step("says it in terms of format 1.0", async () => {
    await using temp = await folderWith(LEGACY_FILES);
    const archive = await openFolder(temp.path);
    assert.equal(archive.name, "net");
    assert.deepEqual(archive.manifest, {
      specificationVersion: "0.1",
      runtime: "python",
      modelName: "net",
      modelVersion: "snapshot",
      description: "A net",
      handler: "net_service.py",
      engine: { name: "MXNet", version: "0.12" },
      files: {
        symbol: "net-symbol.json",
        parameters: "net-0007.params",
        signature: "signature.json",
      },
      raw: LEGACY,
    });
    assert.deepEqual(archive.graph, {
      format: "mxnet",
      symbol: `${temp.path}/net-symbol.json`,
      params: `${temp.path}/net-0007.params`,
    });
  });

  await t.step("reads assets, one folder down, in any case", async () => {
    const { "MANIFEST.json": manifest, ...files } = LEGACY_FILES;
    const all = {
      ...files,
      "Manifest.JSON": manifest,
      "assets/synset.txt": "cat\ndog\n",
    };
    await using temp = await folderWith(
      Object.fromEntries(
        Object.entries(all).map(([name, text]) => [`net/${name}`, text]),
      ),
    );
    const { folder, labels, signature } = await openFolder(temp.path);
    assert.equal(folder, `${temp.path}/net`);
    assert.deepEqual(labels, ["cat", "dog"]);
    assert.equal(signature?.inputs.length, 1);
  });

  await t.step("takes an engine version as text, and ONNX", async () => {
    for (
      const [engine, expected] of [
        [{ MXNet: "0.12.1" }, { name: "MXNet", version: "0.12.1" }],
        [{ ONNX: 17 }, { name: "ONNX", version: "17" }],
        [{ Other: 1 }, undefined],
      ] as const
    ) {
      const manifest = JSON.stringify({ ...LEGACY, Engine: engine });
      await using temp = await folderWith({
        ...LEGACY_FILES,
        "MANIFEST.json": manifest,
      });
      assert.deepEqual((await openFolder(temp.path)).manifest.engine, expected);
    }
  });

  await t.step("refuses with the original's texts", async () => {
    await assertInvalid(
      { "MANIFEST.json": "{}" },
      "Missing Model entry in manifest file.",
    );
    await assertInvalid(
      { "MANIFEST.json": `{"Model": {}}` },
      "Missing Service entry in MANIFEST.json",
    );
    await assertInvalid(
      { "MANIFEST.json": "not JSON" },
      /^Cannot read "MANIFEST\.json": /,
    );
  });

  await t.step("refuses two of them side by side", () =>
    assertInvalid(
      { "a/MANIFEST.json": "{}", "b/MANIFEST.json": "{}" },
      /2 of its folders hold a MANIFEST.json, one would be right/,
    ));

  await t.step("does not follow its manifest out of the folder", async () => {
    const model = { ...LEGACY.Model, Service: "mms:json" };
    const naming = (files: Readonly<Record<string, string>>) => ({
      ...LEGACY_FILES,
      "MANIFEST.json": JSON.stringify({
        ...LEGACY,
        Model: { ...model, ...files },
      }),
    });
    await assertInvalid(
      naming({ Signature: "../signature.json" }),
      'Cannot use "../signature.json": it leads out of the archive',
    );
    await assertInvalid(
      naming({ Parameters: "/etc/passwd" }),
      'Cannot use "/etc/passwd": it leads out of the archive',
    );
    await assertInvalid(
      naming({ Symbol: "no.onnx" }),
      'Cannot use "no.onnx": the manifest names it, but it is not in the archive',
    );
  });
});

Deno.test("openFolder() without a manifest", async (t) => {
  await t.step("has the defaults", async () => {
    await using temp = await folderWith({ "service.py": "pass" });
    const archive = await openFolder(temp.path);
    assert.equal(archive.name, temp.path.slice(temp.path.lastIndexOf("/") + 1));
    assert.equal(archive.manifest.runtime, "python");
    assert.equal(archive.manifest.handler, undefined);
    assert.equal(archive.graph, undefined);
    assert.equal(archive.signature, undefined);
    assert.deepEqual(archive.labels, []);
  });

  await t.step("keeps the numbers of empty labels", async () => {
    await using temp = await folderWith({
      "synset.txt": "zero \r\n\r\n  two\r\n\r\n",
    });
    assert.deepEqual((await openFolder(temp.path)).labels, ["zero", "", "two"]);
  });

  await t.step(
    "says that a folder is missing",
    () =>
      assert.rejects(openFolder("no/such"), {
        code: "model_not_found",
        message: 'Cannot open "no/such": there is no such folder',
      }),
  );
});

Deno.test("openFolder() and code of the user's own", async (t) => {
  const files = {
    [MANIFEST]: JSON.stringify({ model: { handler: "service:handle" } }),
    "signature.json": "{}",
    "a.onnx": "",
    "b.onnx": "",
  };

  await t.step("leaves to it what it does not understand", async () => {
    await using temp = await folderWith(files);
    const archive = await openFolder(temp.path);
    assert.equal(archive.signature, undefined);
    assert.equal(archive.graph, undefined);
  });

  await t.step("does not with a built-in service", () =>
    assertInvalid(
      { ...files, [MANIFEST]: `{"model": {"handler": "mms:json"}}` },
      'Cannot read "signature.json": inputs is missing, a list would be right',
    ));
});

Deno.test("openOnnxFile()", async (t) => {
  await t.step("takes signature and labels from beside the file", async () => {
    const archive = await openOnnxFile(
      `${root}/fixtures/digits/onnx/digits.onnx`,
    );
    assert.equal(archive.name, "digits");
    assert.equal(archive.labels.length, 10);
    assert.equal(archive.signature?.inputType, "image/jpeg");
    assert.deepEqual(archive.graph, {
      format: "onnx",
      path: `${root}/fixtures/digits/onnx/digits.onnx`,
    });
  });

  await t.step("does without them", async () => {
    await using temp = await folderWith({ "net.onnx": "" });
    const archive = await openOnnxFile(`${temp.path}/net.onnx`, { name: "n" });
    assert.equal(archive.name, "n");
    assert.equal(archive.signature, undefined);
  });

  await t.step(
    "says that the file is missing",
    () =>
      assert.rejects(openOnnxFile("no.onnx"), {
        code: "model_not_found",
        message: 'Cannot open "no.onnx": there is no such file',
      }),
  );
});

Deno.test("openCheckpoint()", async (t) => {
  await t.step("takes the files that begin with the prefix", async () => {
    const archive = await openCheckpoint(
      `${root}/fixtures/digits/mxnet/digits`,
    );
    assert.equal(archive.name, "digits");
    assert.equal(archive.signature?.inputs[0]?.name, "data");
    assert.deepEqual(archive.graph, {
      format: "mxnet",
      symbol: `${root}/fixtures/digits/mxnet/digits-symbol.json`,
      params: `${root}/fixtures/digits/mxnet/digits-0000.params`,
    });
  });

  await t.step("says what is missing", async () => {
    await using temp = await folderWith({ "net-symbol.json": "{}" });
    await assert.rejects(openCheckpoint(`${temp.path}/other`), {
      code: "model_not_found",
      message: /there is no "other-symbol\.json"$/,
    });
    await assert.rejects(openCheckpoint(`${temp.path}/net`), {
      code: "invalid_archive",
      message: /"net-0000\.params" would be right$/,
    });
  });
});

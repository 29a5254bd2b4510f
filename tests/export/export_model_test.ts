import assert from "node:assert/strict";
import {
  chooseService,
  extractArchive,
  openFolder,
} from "../../src/archive/mod.ts";
import { exportModel } from "../../src/export/mod.ts";
import { VERSION } from "../../src/version.ts";
import { namesIn, textsOf } from "../archive/support/extraction.ts";
import {
  IDENTITY,
  modelFolder,
  onnxFiles,
  SIGNATURE,
  SYMBOL,
} from "../support/model_folder.ts";
import { onnxModel } from "../support/onnx_model.ts";
import { sharedTest } from "../support/shared.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { schemaViolations } from "./support/json_schema.ts";

const CHECKPOINT = {
  "net-symbol.json": SYMBOL,
  "net-0007.params": "weights",
  "signature.json": SIGNATURE,
};
const SERVICE = `class Top10(mxnet_vision_service.MXNetVisionService):
    pass
`;
const TOP_5 =
  "return [ndarray.top_probability(d, self.labels, top=5) for d in data]";

/** Exports a folder as `a.model`, and unpacks that. */
async function exported(
  modelPath: string,
  options: { readonly serviceFilePath?: string } = {},
): Promise<TempFolder & { readonly texts: Readonly<Record<string, string>> }> {
  const out = await tempFolder();
  const target = await exportModel({
    modelName: "a",
    modelPath,
    exportPath: out.path,
    ...options,
  });
  assert.equal(target, `${out.path}/a.model`);
  await extractArchive(target, `${out.path}/a`);
  const path = `${out.path}/a`;
  return {
    ...out,
    path,
    write: (name, content) => out.write(`a/${name}`, content),
    texts: await textsOf(path),
  };
}

/** The service that answers for the archive in a folder. */
async function serviceOf(folder: string): Promise<string | undefined> {
  return (await chooseService(await openFolder(folder))).handler;
}

/** Asserts that a folder with these files is not exported. */
async function assertRefused(
  files: Readonly<Record<string, unknown>>,
  message: RegExp,
): Promise<void> {
  await using source = await modelFolder(files);
  await using out = await tempFolder();
  const exporting = exportModel({
    modelName: "a",
    modelPath: source.path,
    exportPath: out.path,
  });
  await assert.rejects(exporting, { code: "invalid_archive", message });
  assert.deepEqual(await namesIn(out.path), []);
}

Deno.test("exportModel() of a checkpoint", async (t) => {
  await using source = await modelFolder({
    ...CHECKPOINT,
    "synset.txt": "cat\n",
    "vocab/dict.txt": "a 1\n",
  });
  await using archive = await exported(source.path);
  const { texts } = archive;

  await t.step("packs everything flat", () => {
    assert.deepEqual(Object.keys(texts), [
      "MANIFEST.json",
      "manifest-schema.json",
      "mxnet_model_service.py",
      "net-0007.params",
      "net-symbol.json",
      "signature.json",
      "synset.txt",
      "vocab/dict.txt",
    ]);
  });

  await t.step("writes the legacy manifest", () => {
    assert.deepEqual(JSON.parse(texts["MANIFEST.json"]!), {
      "Model-Archive-Version": 0.1,
      "Model-Archive-Description": "a",
      "License": "Apache 2.0",
      "Created-By": {
        "Model-Server": Number.parseFloat(VERSION),
        "Author": "mms",
      },
      "Model": {
        "Model-Name": "a",
        "Parameters": "net-0007.params",
        "Symbol": "net-symbol.json",
        "Signature": "signature.json",
        "Description": "a",
        "Model-Format": "MXNet-Symbolic",
        "Service": "mxnet_model_service.py",
      },
      "Engine": { "MXNet": "1.9.1" },
    });
  });

  await t.step("passes the schema that it brings along", () => {
    const schema = JSON.parse(texts["manifest-schema.json"]!);
    const manifest = JSON.parse(texts["MANIFEST.json"]!);
    assert.deepEqual(schemaViolations(manifest, schema), []);
    assert.deepEqual(
      schemaViolations({ ...manifest, Model: {}, License: 1 }, schema),
      [
        "1 is not of type string",
        "Parameters is missing",
        "Symbol is missing",
        "Signature is missing",
        "Model-Format is missing",
        "Model-Name is missing",
      ],
    );
  });

  await t.step("can be opened, and runs built in", async () => {
    const opened = await openFolder(archive.path);
    assert.equal((await chooseService(opened)).handler, "mms:json");
    assert.deepEqual(opened.labels, ["cat"]);
    assert.equal(opened.graph?.format, "mxnet");
  });
});

Deno.test("exportModel() of an ONNX file", async (t) => {
  await t.step("names it as symbol and parameters, and its opset", async () => {
    await using source = await modelFolder({
      "net.onnx": onnxModel({ ...IDENTITY, opset: 13 }),
      "signature.json": SIGNATURE,
    });
    await using archive = await exported(source.path);
    const manifest = JSON.parse(archive.texts["MANIFEST.json"]!);
    assert.equal(manifest.Model.Symbol, "net.onnx");
    assert.equal(manifest.Model.Parameters, "net.onnx");
    assert.equal(manifest.Model["Model-Format"], "ONNX");
    assert.deepEqual(manifest.Engine, { ONNX: 13 });
    const { graph } = await openFolder(archive.path);
    assert.equal(graph?.format, "onnx");
  });

  await t.step("refuses what is none", () =>
    assertRefused(
      {
        "net.onnx": "version https://git-lfs.github.com/spec/v1",
        "signature.json": SIGNATURE,
      },
      /^Cannot export ".*net\.onnx": it is not an ONNX model$/,
    ));
});

Deno.test("exportModel() and the service", async (t) => {
  const picture = { ...SIGNATURE, input_type: "image/jpeg" };
  const pictures = { ...CHECKPOINT, "signature.json": picture };

  await t.step("adds the vision service for pictures", async () => {
    await using source = await modelFolder(pictures);
    await using archive = await exported(source.path);
    const text = archive.texts["mxnet_vision_service.py"]!;
    assert.match(text, /def _postprocess\(self, data\):\n +return \[nd/);
    assert.ok(text.includes(TOP_5));
    assert.equal(await serviceOf(archive.path), "mms:image");
  });

  await t.step(
    "keeps one that was edited in the unpacked archive",
    async () => {
      await using source = await modelFolder(pictures);
      await using first = await exported(source.path);
      const service = first.texts["mxnet_vision_service.py"]!;
      const edited = service.replace("top=5", "top=10");
      await first.write("mxnet_vision_service.py", edited);
      await using second = await exported(first.path);
      assert.equal(second.texts["mxnet_vision_service.py"], edited);
      assert.equal(await serviceOf(second.path), "mxnet_vision_service.py");
    },
  );

  await t.step("knows its own in spite of comments and line ends", async () => {
    await using source = await modelFolder(pictures);
    await using archive = await exported(source.path);
    const service = archive.texts["mxnet_vision_service.py"]!;
    await archive.write(
      "mxnet_vision_service.py",
      `# Mine.\n${service}\n\n`.replaceAll("\n", "  \r\n"),
    );
    assert.equal(await serviceOf(archive.path), "mms:image");
  });

  await t.step("takes the one that the user names", async () => {
    await using source = await modelFolder({
      ...pictures,
      "other.py": SERVICE,
    });
    await using mine = await modelFolder({ "top10.py": SERVICE });
    await using archive = await exported(source.path, {
      serviceFilePath: `${mine.path}/top10.py`,
    });
    assert.equal(archive.texts["top10.py"], SERVICE);
    const manifest = JSON.parse(archive.texts["MANIFEST.json"]!);
    assert.equal(manifest.Model.Service, "top10.py");
  });

  await t.step("takes the only one among the files", async () => {
    await using source = await modelFolder({
      ...pictures,
      "custom-service.py": SERVICE,
      "helpers.py": "class Helper(object):\n    pass\n",
    });
    await using archive = await exported(source.path);
    const manifest = JSON.parse(archive.texts["MANIFEST.json"]!);
    assert.equal(manifest.Model.Service, "custom-service.py");
    assert.ok("helpers.py" in archive.texts);
    assert.ok(!("mxnet_vision_service.py" in archive.texts));
  });

  await t.step("refuses to choose between two", () =>
    assertRefused(
      { ...pictures, "a.py": SERVICE, "b.py": SERVICE },
      /^Cannot choose a service file: "a\.py", "b\.py" all define one, --service-file-path says which$/,
    ));

  await t.step("refuses a file that defines none", async () => {
    await using source = await modelFolder(pictures);
    const none = await source.write("none.py", "class A(object):\n  pass\n");
    const message =
      `Cannot use service file "${none}": it defines no class that derives from MXNetBaseService`;
    await assert.rejects(exported(source.path, { serviceFilePath: none }), {
      code: "invalid_archive",
      message,
    });
    await assert.rejects(exported(source.path, { serviceFilePath: "no.py" }), {
      code: "resource_not_found",
      message: /^Cannot read service file "no\.py": /,
    });
  });
});

const { input_type: _, ...untyped } = SIGNATURE;
const REFUSED: readonly (readonly [
  string,
  Readonly<Record<string, unknown>>,
  RegExp,
])[] = [
  [
    "no network",
    { "signature.json": SIGNATURE },
    /it holds no network, an \.onnx file, or NAME-symbol\.json with its NAME-0000\.params, would be right$/,
  ],
  [
    "no parameters",
    { "a-symbol.json": "{}" },
    /it holds no \.params file, exactly one would be right$/,
  ],
  [
    "an ONNX file and a checkpoint",
    { ...CHECKPOINT, ...onnxFiles() },
    /it holds an \.onnx file and a checkpoint, one of the two would be right$/,
  ],
  [
    "two ONNX files",
    { ...onnxFiles(), "b.onnx": "" },
    /it holds "b\.onnx" and "net\.onnx", exactly one would be right$/,
  ],
  [
    "two epochs",
    { ...CHECKPOINT, "net-0000.params": "" },
    /it holds "net-0000\.params" and "net-0007\.params", exactly one/,
  ],
  [
    "parameters of another network",
    { "a-symbol.json": "{}", "b-0000.params": "" },
    /^Cannot export "b-0000\.params": it does not belong to "a-symbol\.json", "a-0000\.params" would be right$/,
  ],
  [
    "parameters without an epoch",
    { "a-symbol.json": "{}", "a.params": "" },
    /"a-0000\.params" would be right$/,
  ],
  [
    "a symbol that is not JSON",
    { ...CHECKPOINT, "net-symbol.json": "<html>" },
    /^Cannot export "net-symbol\.json": it is not the JSON of an MXNet symbol$/,
  ],
  [
    "no signature",
    { "net-symbol.json": SYMBOL, "net-0000.params": "" },
    /^Cannot export ".*": it has no signature\.json$/,
  ],
  [
    "an incomplete signature",
    { ...CHECKPOINT, "signature.json": untyped },
    /its signature\.json is incomplete, "inputs", "input_type", /,
  ],
  [
    "a signature of another type",
    { ...CHECKPOINT, "signature.json": { ...SIGNATURE, input_type: "text" } },
    /^Cannot read "signature\.json": input_type is "text", "image\/jpeg" or/,
  ],
];

Deno.test("exportModel() refuses a folder with", async (t) => {
  for (const [what, files, message] of REFUSED) {
    await t.step(what, () => assertRefused(files, message));
  }
});

Deno.test("exportModel() never replaces an archive", async () => {
  await using source = await modelFolder(CHECKPOINT);
  const target = await source.write("a.model", "old");
  const exporting = exportModel({
    modelName: "a",
    modelPath: source.path,
    exportPath: source.path,
  });
  await assert.rejects(exporting, {
    code: "conflict",
    message:
      `${target} already exists.\nRemove it, or choose another --model-name.`,
  });
  assert.equal(await Deno.readTextFile(target), "old");
});

Deno.test("exportModel() writes the same bytes of the same files", async () => {
  await using source = await modelFolder({ ...CHECKPOINT, "synset.txt": "a" });
  const packed = async () => {
    await using out = await tempFolder();
    const options = { modelName: "a", modelPath: source.path };
    return await Deno.readFile(
      await exportModel({ ...options, exportPath: out.path }),
    );
  };
  assert.deepEqual(await packed(), await packed());
});

sharedTest(
  "exportModel() of a real checkpoint states its MXNet",
  async (folder) => {
    await using source = await tempFolder();
    const from = `${folder}/models/squeezenet_v1.1`;
    for (const name of ["symbol.json", "0000.params"]) {
      const file = `squeezenet_v1.1-${name}`;
      await Deno.copyFile(`${from}/${file}`, `${source.path}/${file}`);
    }
    await Deno.copyFile(
      `${from}/signature.json`,
      `${source.path}/signature.json`,
    );
    await using archive = await exported(source.path);
    const manifest = JSON.parse(archive.texts["MANIFEST.json"]!);
    assert.deepEqual(manifest.Engine, { MXNet: "0.11.0" });
  },
);

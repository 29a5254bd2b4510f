import assert from "node:assert/strict";
import { extractArchive, openFolder } from "../../src/archive/mod.ts";
import {
  archiveModel,
  type ArchiveModelOptions,
} from "../../src/export/mod.ts";
import type { MmsError } from "../../src/errors.ts";
import { namesIn, textsOf } from "../archive/support/extraction.ts";
import {
  IDENTITY,
  modelFolder,
  onnxFiles,
  PICTURE,
  SIGNATURE,
  SYMBOL,
} from "../support/model_folder.ts";
import { writeSymbol } from "../mxnet/support/symbol_writer.ts";
import {
  answerOf,
  DENSE,
  DENSE_SIGNATURE,
  denseFiles,
  denseParams,
} from "../support/checkpoint.ts";
import { onnxModel } from "../support/onnx_model.ts";
import { tempFolder } from "../support/temp.ts";

/** Packs a folder into `a.mar`, a `.tar.gz` or a folder, and returns its path. */
async function pack(
  modelPath: string,
  exportPath: string,
  options: Partial<ArchiveModelOptions> = {},
): Promise<string> {
  return await archiveModel({
    modelName: "a",
    modelPath,
    exportPath,
    handler: "service:handle",
    runtime: "python",
    format: "default",
    force: false,
    warn: () => {},
    ...options,
  });
}

/** Packs files into a folder and returns their names, the manifest left out. */
async function packedNames(
  files: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  await using source = await modelFolder(files);
  await using out = await tempFolder();
  const target = await pack(source.path, out.path, { format: "no-archive" });
  const names = Object.keys(await textsOf(target));
  return names.filter((name) => name !== "MAR-INF/MANIFEST.json");
}

/** Returns the handler that a folder with these files is packed with. */
async function handlerOf(
  files: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  await using source = await modelFolder(files);
  await using out = await tempFolder();
  const target = await pack(source.path, out.path, {
    handler: undefined,
    format: "no-archive",
  });
  return (await openFolder(target)).manifest.handler;
}

const MANIFEST = `{
  "runtime": "python3",
  "model": {
    "modelName": "a",
    "handler": "service:handle"
  },
  "modelServerVersion": "1.0",
  "implementationVersion": "1.0",
  "specificationVersion": "1.0"
}`;

Deno.test("archiveModel() packs", async (t) => {
  await t.step("a .mar file with its manifest last", async () => {
    await using source = await modelFolder({ "service.py": "pass" });
    await using out = await tempFolder();
    const target = await pack(source.path, out.path, { runtime: "python3" });
    assert.equal(target, `${out.path}/a.mar`);
    await extractArchive(target, `${out.path}/a`);
    assert.deepEqual(await textsOf(`${out.path}/a`), {
      "MAR-INF/MANIFEST.json": MANIFEST,
      "service.py": "pass",
    });
  });

  await t.step("a .tar.gz file that unpacks into one folder", async () => {
    await using source = await modelFolder({ "service.py": "pass" });
    await using out = await tempFolder();
    const target = await pack(source.path, out.path, { format: "tgz" });
    assert.equal(target, `${out.path}/a.tar.gz`);
    await extractArchive(target, `${out.path}/a`);
    assert.equal((await openFolder(`${out.path}/a`)).name, "a");
  });

  await t.step(
    "a folder in place, of which it writes the manifest",
    async () => {
      await using out = await modelFolder({
        "a/.hidden": "",
        "a/b.py": "pass",
      });
      const options = { format: "no-archive", force: true } as const;
      const target = await pack(`${out.path}/a`, out.path, options);
      assert.equal(target, `${out.path}/a`);
      assert.deepEqual(Object.keys(await textsOf(target)), [
        ".hidden",
        "MAR-INF/MANIFEST.json",
        "b.py",
      ]);
    },
  );

  await t.step("not the archive that it writes", async () => {
    await using source = await modelFolder({ "service.py": "pass" });
    const first = await pack(source.path, source.path, { format: "tgz" });
    const bytes = await Deno.readFile(first);
    const options = { format: "tgz", force: true } as const;
    await pack(source.path, source.path, options);
    assert.deepEqual(await Deno.readFile(first), bytes);
  });

  await t.step("the same bytes from files in another order", async () => {
    await using out = await tempFolder();
    const packed = async (...names: readonly string[]) => {
      await using source = await tempFolder();
      for (const name of names) await source.write(name, name);
      const target = await pack(source.path, out.path, { force: true });
      return await Deno.readFile(target);
    };
    assert.deepEqual(
      await packed("a", "b/c", "D"),
      await packed("D", "b/c", "a"),
    );
  });
});

Deno.test("archiveModel() leaves out", async (t) => {
  await t.step("what is hidden, cached, or made anew", async () => {
    const names = await packedNames({
      "net.params": "",
      "sub/vocab.txt": "",
      "MAR-INF/extra.txt": "",
      "MAR-INF/MANIFEST.json": "{}",
      "MANIFEST.json": "{}",
      "sub/MANIFEST.json": "{}",
      ".hidden": "",
      ".git/config": "",
      "sub/.secret": "",
      ".DS_Store": "",
      "x.DS_Store": "",
      "__MACOSX/net": "",
      "sub/__pycache__/a.pyc": "",
      "module.pyc": "",
      "old.mar": "",
      "old.model": "",
      "manifest.json": "",
    });
    assert.deepEqual(names, [
      "MAR-INF/extra.txt",
      "manifest.json",
      "net.params",
      "sub/vocab.txt",
    ]);
  });
});

Deno.test("archiveModel() and links", async (t) => {
  await t.step("follows those that stay inside", async () => {
    await using source = await modelFolder({ "files/net": "net" });
    await using out = await tempFolder();
    await Deno.symlink("files/net", `${source.path}/net`);
    await Deno.symlink("files", `${source.path}/folder`);
    const target = await pack(source.path, out.path, { format: "no-archive" });
    const { "MAR-INF/MANIFEST.json": _, ...texts } = await textsOf(target);
    assert.deepEqual(texts, {
      "files/net": "net",
      "folder/net": "net",
      "net": "net",
    });
  });

  const LINKS = [
    ["outside", "/etc/hosts", /"link": it links to ".*hosts", outside of the/],
    ["nowhere", "no/such", /"link": it links to nothing$/],
    ["in a circle", ".", /"link": it links to a folder that it lies in$/],
  ] as const;
  for (const [what, to, message] of LINKS) {
    await t.step(`refuses one that leads ${what}`, async () => {
      await using source = await modelFolder({});
      await using out = await tempFolder();
      await Deno.symlink(to, `${source.path}/link`);
      const code = "invalid_archive";
      await assert.rejects(pack(source.path, out.path), { code, message });
      assert.deepEqual(await namesIn(out.path), []);
    });
  }

  await t.step("refuses what is neither file nor folder", async () => {
    await using source = await modelFolder({});
    await using out = await tempFolder();
    const path = `${source.path}/socket`;
    using _listener = Deno.listen({ transport: "unix", path });
    await assert.rejects(pack(source.path, out.path), {
      code: "invalid_archive",
      message: 'Cannot pack "socket": it is neither a file nor a folder',
    });
  });
});

Deno.test("archiveModel() without a handler chooses", async (t) => {
  const picture = [{ data_name: "data", data_shape: [0, 3, 8, 8] }];

  await t.step("by the signature's input_type", async () => {
    const files = onnxFiles();
    assert.equal(await handlerOf(files), "mms:json");
    const signature = { ...SIGNATURE, input_type: "image/jpeg" };
    assert.equal(
      await handlerOf({ ...files, "signature.json": signature }),
      "mms:image",
    );
  });

  await t.step("by the signature's inputs", async () => {
    const files = { "net.onnx": "", "signature.json": { inputs: picture } };
    assert.equal(await handlerOf(files), "mms:image");
  });

  await t.step("by the graph's own inputs", async () => {
    assert.equal(
      await handlerOf({ "net.onnx": onnxModel(IDENTITY) }),
      "mms:json",
    );
    assert.equal(
      await handlerOf({ "net.onnx": onnxModel(PICTURE) }),
      "mms:image",
    );
  });

  await t.step("for a checkpoint with a signature", async () => {
    const checkpoint = { "net-symbol.json": SYMBOL, "net-0000.params": "" };
    assert.equal(
      await handlerOf({ ...checkpoint, "signature.json": SIGNATURE }),
      "mms:json",
    );
    await assert.rejects(handlerOf(checkpoint), {
      code: "usage",
      message: /a checkpoint needs a signature\.json beside it$/,
    });
  });

  await t.step(
    "not where there is code",
    () =>
      assert.rejects(handlerOf({ "mms.d.ts": "", "service.ts": "" }), {
        code: "usage",
        message:
          /^Cannot choose a handler for ".*": "service\.ts" is code, --handler says what to call in it$/,
      }),
  );

  await t.step(
    "not where there is no graph",
    () =>
      assert.rejects(handlerOf({ "signature.json": SIGNATURE }), {
        code: "usage",
        message: /there is no \.onnx file and no checkpoint to run$/,
      }),
  );
});

Deno.test("archiveModel() refuses", async (t) => {
  const BAD_NAMES = ["abc%", "123$abc", "abc!123", "@123", "(model", "mdoel)"];
  const MORE_BAD_NAMES = ["12*model-a.model", "##.model", "-.model", "", "a\n"];

  await t.step("names with special characters", async () => {
    for (const modelName of [...BAD_NAMES, ...MORE_BAD_NAMES]) {
      await assert.rejects(pack("no", "no", { modelName }), {
        code: "bad_request",
        message:
          "Model name contains special characters.\nThe allowed regular expression filter for model name is: ^[A-Za-z0-9][A-Za-z0-9_\\-.]*$",
      });
    }
  });

  await t.step("no name that the original takes", async () => {
    const names = ["my-awesome-model", "Aa.model", "a", "a1234.model"];
    for (const modelName of [...names, "a-A-A.model", "123-abc"]) {
      await using out = await tempFolder();
      await using source = await modelFolder({});
      const target = await pack(source.path, out.path, { modelName });
      assert.equal(target, `${out.path}/${modelName}.mar`);
    }
  });

  await t.step("an export path before a model path", async () => {
    await assert.rejects(pack("no/in", "no/out"), {
      code: "resource_not_found",
      message:
        "Given export-path no/out is not a directory. Point to a valid export-path directory.",
    });
    await using out = await tempFolder();
    await assert.rejects(pack("no/in", out.path), {
      code: "resource_not_found",
      message:
        "Given model-path no/in is not a valid directory. Point to a valid model-path directory.",
    });
  });

  await t.step("to replace an archive unless it is forced", async () => {
    await using source = await modelFolder({ "service.py": "pass" });
    await using out = await tempFolder();
    const target = await out.write("a.mar", "old");
    await assert.rejects(pack(source.path, out.path), {
      code: "conflict",
      message: `${target} already exists.\nSpecify --force/-f to overwrite it.`,
    });
    assert.equal(await Deno.readTextFile(target), "old");
    const warnings: string[] = [];
    const warn = (line: string) => warnings.push(line);
    await pack(source.path, out.path, { force: true, warn });
    assert.deepEqual(warnings, [`WARNING - Overwriting ${target} ...`]);
    assert.notEqual(await Deno.readTextFile(target), "old");
  });

  await t.step("a built-in service that there is not", async () => {
    await using source = await modelFolder(onnxFiles());
    await using out = await tempFolder();
    await assert.rejects(pack(source.path, out.path, { handler: "mms:nope" }), {
      code: "usage",
      message:
        /^Cannot use handler "mms:nope": built in are mms:image, .*mms:json/,
    });
    assert.deepEqual(await namesIn(out.path), []);
  });

  await t.step("a built-in service that could not run the model", async () => {
    await using source = await modelFolder({
      ...onnxFiles(),
      "signature.json": { inputs: [] },
    });
    await using out = await tempFolder();
    const packing = pack(source.path, out.path, { handler: "mms:json" });
    await assert.rejects(packing, {
      code: "invalid_archive",
      message: /^Cannot read "signature\.json": inputs is \[\]/,
    });
    assert.deepEqual(await namesIn(out.path), []);
  });
});

Deno.test("archiveModel() warns of a handler whose module is not packed", async () => {
  await using source = await modelFolder({
    "service.py": "pass",
    "pkg/service.py": "pass",
    "whole/__init__.py": "pass",
    "other.ts": "export const handle = () => [];",
    "native.cpython-311-x86_64-linux-gnu.so": "",
  });
  const warningsOf = async (handler: string) => {
    await using out = await tempFolder();
    const warnings: string[] = [];
    const warn = (line: string) => warnings.push(line);
    await pack(source.path, out.path, { handler, warn });
    return warnings;
  };
  const there = ["service", "service:handle", "service.py:handle"];
  const others = ["pkg/service.py:handle", "whole:handle", "native:handle"];
  for (const handler of [...there, ...others]) {
    assert.deepEqual(await warningsOf(handler), []);
  }
  assert.deepEqual(await warningsOf("servise:handle"), [
    `WARNING - "servise.py" of handler "servise:handle" is not among the files of "${source.path}".`,
  ]);
  assert.deepEqual(await warningsOf("other"), [
    `WARNING - "other.py" of handler "other" is not among the files of "${source.path}", handler "other.ts" would name what is.`,
  ]);
  await source.write("net.onnx", onnxModel(IDENTITY));
  assert.match(
    (await warningsOf("mxnet_vision_service:handle")).join(),
    /", without --handler a built-in service would run the model\.$/,
  );
});

Deno.test("archiveModel() that converts", async (t) => {
  /** What is packed of a checkpoint and these files, and what it answers. */
  const converted = async (
    files: Readonly<Record<string, unknown>>,
    input?: unknown,
  ) => {
    await using source = await modelFolder({ ...denseFiles(), ...files });
    await using out = await tempFolder();
    const before = await textsOf(source.path);
    const warnings: string[] = [];
    const target = await pack(source.path, out.path, {
      handler: undefined,
      format: "no-archive",
      convert: true,
      warn: (line) => warnings.push(line),
    });
    assert.deepEqual(await textsOf(source.path), before);
    const texts = await textsOf(target);
    return {
      names: Object.keys(texts).toSorted(),
      signature: JSON.parse(texts["signature.json"] ?? "null"),
      handler: JSON.parse(texts["MAR-INF/MANIFEST.json"]!).model.handler,
      answer: await answerOf(target, `${out.path}/cache`, input),
      warnings,
    };
  };
  const packed = ["MAR-INF/MANIFEST.json", "model.onnx", "signature.json"];

  await t.step("packs the graph in place of the checkpoint", async () => {
    const { names, signature, handler, answer, warnings } = await converted({
      "net-0007.params": "another epoch",
      "synset.txt": "cat",
    });
    assert.deepEqual(names, [...packed, "synset.txt"]);
    assert.deepEqual(signature, {
      ...DENSE_SIGNATURE,
      outputs: [{ data_name: "fc_output", data_shape: [0, 1] }],
    });
    assert.equal(handler, "mms:json");
    assert.deepEqual(answer, [[[13]]]);
    assert.deepEqual(warnings, []);
  });

  await t.step("keeps what it does not know of a signature", async () => {
    const { signature } = await converted({
      "signature.json": { ...DENSE_SIGNATURE, top: 3, note: "mine" },
    });
    assert.deepEqual([signature.top, signature.note], [3, "mine"]);
  });

  await t.step(
    "names the graph's outputs where a signature names others",
    async () => {
      const { signature } = await converted({
        "net-symbol.json": writeSymbol([
          "data",
          "fc_weight",
          "fc_bias",
          ["FullyConnected", "fc", [0, 1, 2], { num_hidden: 1 }],
          ["relu", "positive", [3]],
        ], [[3, 0], [4, 0]]),
        "signature.json": {
          ...DENSE_SIGNATURE,
          outputs: [{ data_name: "prob", data_shape: [0, 1] }],
        },
      });
      assert.deepEqual(signature.outputs, [
        { data_name: "fc_output", data_shape: [0, 1] },
        { data_name: "positive_output", data_shape: [0, 1] },
      ]);
    },
  );

  await t.step("needs no signature", async () => {
    await using source = await modelFolder({
      "net-symbol.json": DENSE,
      "net-0000.params": denseParams(),
    });
    await using out = await tempFolder();
    const target = await pack(source.path, out.path, {
      handler: undefined,
      format: "no-archive",
      convert: true,
    });
    assert.deepEqual(
      Object.keys(await textsOf(target)).toSorted(),
      ["MAR-INF/MANIFEST.json", "model.onnx"],
    );
    assert.deepEqual(await answerOf(target, `${out.path}/cache`), [[[13]]]);
  });

  await t.step("packs the same bytes each time", async () => {
    await using source = await modelFolder(denseFiles());
    await using out = await tempFolder();
    const archives: Uint8Array[] = [];
    for (const folder of ["one", "two"]) {
      await Deno.mkdir(`${out.path}/${folder}`);
      const target = await pack(source.path, `${out.path}/${folder}`, {
        convert: true,
      });
      archives.push(await Deno.readFile(target));
    }
    assert.deepEqual(archives[0], archives[1]);
  });

  await t.step("leaves a graph as it is, and says so", async () => {
    await using source = await modelFolder(onnxFiles());
    await using out = await tempFolder();
    const lines: string[] = [];
    const target = await pack(source.path, out.path, {
      handler: "mms:json",
      format: "no-archive",
      convert: true,
      warn: (line) => lines.push(line),
    });
    assert.ok((await namesIn(target)).includes("net.onnx"));
    assert.deepEqual(lines, ["WARNING - net.onnx is a graph already."]);
  });

  await t.step("packs nothing that cannot be converted", async () => {
    const cases = [
      [{ "service.py": "pass" }, "usage", /there is no checkpoint/],
      [
        {
          ...denseFiles(),
          "net-symbol.json": writeSymbol(["data", ["Foo", "a", [0]]]),
        },
        "invalid_model",
        /"Foo"/,
      ],
    ] as const;
    for (const [files, code, message] of cases) {
      await using source = await modelFolder(files);
      await using out = await tempFolder();
      await assert.rejects(
        pack(source.path, out.path, { convert: true }),
        (error: MmsError) => {
          assert.equal(error.code, code);
          assert.match(error.message, message);
          return true;
        },
      );
      assert.deepEqual(await namesIn(out.path), []);
    }
  });

  await t.step("does not convert where the checkpoint would stay", async () => {
    await using parent = await tempFolder();
    for (const [name, content] of Object.entries(denseFiles())) {
      const text = content instanceof Uint8Array || typeof content === "string"
        ? content
        : JSON.stringify(content);
      await parent.write(`a/${name}`, text);
    }
    const packing = pack(`${parent.path}/a`, parent.path, {
      format: "no-archive",
      convert: true,
      force: true,
    });
    await assert.rejects(packing, { code: "usage", message: /in place/ });
  });
});

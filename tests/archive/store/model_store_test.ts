import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type ModelSource,
  ModelStore,
  type ModelStoreOptions,
  type OpenModelOptions,
} from "../../../src/archive/mod.ts";
import { findZooModel } from "../../../src/archive/store/zoo.ts";
import { root } from "../../support/paths.ts";
import { tempFolder } from "../../support/temp.ts";
import {
  DIGITS,
  DIGITS_CHECKPOINT,
  packDigits,
} from "../support/digits_archive.ts";
import {
  type Answerer,
  fileServer,
  wholeFile,
} from "../support/file_server.ts";

const QUICK = { retries: 1, retryPause: 1 };

/** What a test wants to know of a model that was opened. */
interface Found {
  readonly name: string;
  readonly source: ModelSource;
  readonly labels: number;
  readonly folder: string;
}

async function openWith(
  reference: string,
  options: ModelStoreOptions & OpenModelOptions = {},
): Promise<Found> {
  await using store = new ModelStore({ downloadLimits: QUICK, ...options });
  await using opened = await store.open(reference, options);
  const { archive, source } = opened;
  const { name, labels, folder } = archive;
  assert.ok((await Deno.stat(folder)).isDirectory);
  return { name, source, labels: labels.length, folder };
}

Deno.test("ModelStore.open()", async (t) => {
  await using temp = await tempFolder();
  const path = (name: string) => join(temp.path, name);
  const cacheDir = path("cache");
  await packDigits(path("seven.mar"), { name: "seven" });
  await packDigits(path("seven.tar.gz"), { name: "seven", format: "tgz" });

  const paths: readonly (readonly [string, string, string])[] = [
    ["an archive", path("seven.mar"), "seven"],
    ["a tar file", path("seven.tar.gz"), "seven"],
    ["a folder", DIGITS, "onnx"],
    ["an .onnx file", `${DIGITS}/digits.onnx`, "digits"],
    ["the prefix of a checkpoint", `${DIGITS_CHECKPOINT}/digits`, "digits"],
    [
      "a checkpoint's symbol file",
      `${DIGITS_CHECKPOINT}/digits-symbol.json`,
      "digits",
    ],
  ];
  for (const [what, reference, name] of paths) {
    await t.step(`opens ${what}`, async () => {
      const found = await openWith(reference, { cacheDir });
      assert.equal(found.name, name);
      assert.equal(found.source, "path");
      assert.equal(found.labels, 10);
    });
  }
  await t.step("unpacks an archive once, by its content", async () => {
    await Deno.copyFile(path("seven.mar"), path("other.mar"));
    const first = await openWith(path("seven.mar"), { cacheDir });
    const second = await openWith(path("other.mar"), { cacheDir });
    assert.equal(first.folder, second.folder);
    const sha256 = createHash("sha256")
      .update(await Deno.readFile(path("seven.mar"))).digest("hex");
    assert.equal(first.folder, join(cacheDir, "models", sha256));
  });
  await t.step("works without a cache, and cleans up", async () => {
    const { folder } = await openWith(path("seven.mar"));
    await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
  });
  await t.step("opens a file: url", async () => {
    const found = await openWith(`file://${DIGITS}`);
    assert.equal(found.source, "url");
  });
  await t.step("opens the checkpoint of a BucketingModule", async () => {
    await Deno.writeTextFile(path("lm-8-symbol.json"), "{}");
    await Deno.writeTextFile(path("lm-0003.params"), "");
    assert.equal((await openWith(path("lm"))).name, "lm");
  });
  await t.step("says what parameters alone lack", async () => {
    await assert.rejects(openWith(path("lm-0003.params")), {
      code: "invalid_archive",
      message:
        /it holds parameters alone, ".*\/lm-symbol\.json" would be right$/,
    });
  });
  await t.step("says what is no archive", async () => {
    await Deno.writeTextFile(path("cat.jpg"), "not an archive");
    await assert.rejects(openWith(path("cat.jpg")), {
      code: "invalid_archive",
    });
  });
  await t.step("says what is nowhere", async () => {
    await assert.rejects(openWith("no-such-model"), {
      code: "model_not_found",
      message:
        'Cannot find model "no-such-model": no file, folder or model of the zoo is called that',
    });
  });
  await t.step("refuses malformed and foreign urls", async () => {
    await assert.rejects(openWith("http://[/m.mar"), {
      code: "model_not_found",
      message: "Invalid model url: http://[/m.mar",
    });
    await assert.rejects(openWith("ftp://h/m.mar"), {
      code: "download_failed",
      message:
        'Cannot download "ftp://h/m.mar": "ftp:" is not among http:, https: and s3:',
    });
  });
});

Deno.test("ModelStore.open() looks", async (t) => {
  await using temp = await tempFolder();
  const storeFolder = join(temp.path, "store");
  await Deno.mkdir(storeFolder);
  await packDigits(join(storeFolder, "a.mar"), { name: "a" });
  await packDigits(join(storeFolder, "digits"), { name: "mine" });
  await packDigits(join(storeFolder, "resnet50-v1"), { name: "mine" });
  const look = (reference: string) => openWith(reference, { storeFolder });

  await t.step("for what came with the program first", async () => {
    const found = await look("digits");
    assert.deepEqual([found.source, found.name], ["embedded", "digits"]);
  });
  await t.step("in the store next", async () => {
    const found = await look("a.mar");
    assert.deepEqual([found.source, found.name], ["store", "a"]);
  });
  await t.step("in the store before the zoo", async () => {
    assert.equal((await look("resnet50-v1")).source, "store");
  });
  await t.step("at a path where it begins with a dot or a slash", async () => {
    await assert.rejects(look("./a.mar"), { code: "model_not_found" });
    await assert.rejects(look("./digits"), { code: "model_not_found" });
    assert.equal((await look(join(storeFolder, "a.mar"))).source, "path");
  });
});

Deno.test("ModelStore.open() for a request", async (t) => {
  await using temp = await tempFolder();
  const storeFolder = join(temp.path, "store");
  await Deno.mkdir(join(storeFolder, "sub"), { recursive: true });
  await packDigits(join(storeFolder, "sub", "a.mar"), { name: "a" });
  await packDigits(join(temp.path, "outside.mar"), { name: "outside" });
  const ask = (reference: string, options: ModelStoreOptions = {}) =>
    openWith(reference, { storeFolder, ...options, openedFor: "request" });

  await t.step("opens entries of the store", async () => {
    for (const reference of ["sub/a.mar", "/sub/a.mar", "./sub/a.mar"]) {
      assert.equal((await ask(reference)).source, "store", reference);
    }
  });
  await t.step("opens what came with the program", async () => {
    assert.equal((await ask("digits")).source, "embedded");
  });
  await t.step("has the original's text for a broken manifest", async () => {
    const metadata = join(storeFolder, "broken", "MAR-INF");
    await Deno.mkdir(metadata, { recursive: true });
    await Deno.writeTextFile(join(metadata, "MANIFEST.json"), "{");
    const reason = /^Cannot read "MAR-INF\/MANIFEST\.json": /;
    await assert.rejects(
      openWith(join(storeFolder, "broken")),
      { code: "invalid_archive", message: reason },
    );
    await assert.rejects(ask("broken"), {
      code: "invalid_archive",
      message:
        /^Failed to parse signature\.json\. Cannot read "MAR-INF\/MANIFEST\.json": /,
    });
  });
  const refusals: Readonly<Record<string, string>> = {
    "../outside.mar": "Relative path is not allowed in url: ../outside.mar",
    "a..b": "Relative path is not allowed in url: a..b",
    "sub/../../outside.mar":
      "Relative path is not allowed in url: sub/../../outside.mar",
    "b.mar": "Model not found in model store: b.mar",
    "": "Model not found in model store: ",
    "/": "Model not found in model store: /",
    ".": "Model not found in model store: .",
    "a\0.mar": "Model not found in model store: a\0.mar",
    [join(temp.path, "outside.mar")]: `Model not found in model store: ${
      join(temp.path, "outside.mar")
    }`,
    "http://[": "Invalid model url: http://[",
  };
  for (const [reference, message] of Object.entries(refusals)) {
    await t.step(`refuses ${JSON.stringify(reference)}`, async () => {
      const expected = { code: "model_not_found", message };
      await assert.rejects(ask(reference), expected);
    });
  }
  await t.step("says that there is no store", async () => {
    await assert.rejects(
      openWith("a.mar", { openedFor: "request" }),
      { message: "Model store has not been configured." },
    );
  });
  await t.step("refuses urls that nobody allowed", async () => {
    const urls = [
      "http://127.0.0.1:1/m.mar",
      `file://${temp.path}/outside.mar`,
      "ftp://h/m.mar",
    ];
    for (const url of urls) {
      await assert.rejects(ask(url), {
        code: "download_failed",
        message: `Failed to download model from: ${url}`,
      });
    }
  });
  await t.step("tells the server's status", async () => {
    await using server = await fileServer((_request, response) =>
      void response.writeHead(404).end()
    );
    await assert.rejects(ask(`${server.url}/m.mar`, { allowedUrls: ".*" }), {
      message: `Failed to download model from: ${server.url}/m.mar, code: 404`,
    });
  });
  await t.step("tells that the server was too slow", async () => {
    await using server = await fileServer(() => {});
    const refused = ask(`${server.url}/m.mar`, {
      allowedUrls: ".*",
      downloadLimits: { connectTimeout: 30, retries: 0 },
    });
    await assert.rejects(refused, {
      message: `Download model timeout: ${server.url}/m.mar`,
    });
  });
});

Deno.test("ModelStore.open() at startup tells failures in the original's words", async () => {
  const ask = (reference: string, storeFolder?: string) =>
    openWith(reference, { openedFor: "startup", storeFolder });
  assert.equal((await ask(DIGITS)).source, "path");
  await assert.rejects(ask("b.mar"), {
    message: "Model store has not been configured.",
  });
  await assert.rejects(ask("b.mar", "."), {
    message: "Model not found in model store: b.mar",
  });
});

Deno.test("ModelStore.open() with a url", async (t) => {
  await using temp = await tempFolder();
  const cacheDir = join(temp.path, "cache");
  await packDigits(join(temp.path, "a.mar"), { name: "a" });
  await packDigits(join(temp.path, "b.mar"), { name: "b" });
  const archive = await Deno.readFile(join(temp.path, "a.mar"));
  let answer = wholeFile(archive);
  await using server = await fileServer((request, response) =>
    answer(request, response)
  );
  const url = `${server.url}/path/m.mar?token=1`;

  await t.step("downloads the archive", async () => {
    const found = await openWith(url, { cacheDir });
    assert.deepEqual([found.source, found.name], ["url", "a"]);
  });
  await t.step("asks whether it has changed, and has it still", async () => {
    const before = server.seen.length;
    const found = await openWith(url, { cacheDir });
    assert.equal(found.name, "a");
    assert.equal(server.seen.length, before + 1);
    assert.equal(server.seen.at(-1)?.headers["if-none-match"], '"one"');
  });
  await t.step("has the new one if it has", async () => {
    answer = wholeFile(await Deno.readFile(join(temp.path, "b.mar")), '"two"');
    assert.equal((await openWith(url, { cacheDir })).name, "b");
  });
  await t.step("downloads it again when the cache has lost it", async () => {
    await Deno.remove(join(cacheDir, "models"), { recursive: true });
    assert.equal((await openWith(url, { cacheDir })).name, "b");
    assert.equal(server.seen.at(-1)?.headers["if-none-match"], undefined);
  });
  await t.step("downloads a bare .onnx file", async () => {
    answer = wholeFile(await Deno.readFile(`${DIGITS}/digits.onnx`));
    const found = await openWith(`${server.url}/d-1.onnx`, { cacheDir });
    assert.deepEqual([found.name, found.labels], ["d_1", 0]);
  });
  await t.step("names the url of what is no archive", async () => {
    answer = wholeFile(new TextEncoder().encode("<html>"));
    await assert.rejects(
      openWith(`${server.url}/x.mar`, { cacheDir }),
      (error) => {
        assert.ok(error instanceof Error);
        assert.ok(
          error.message.includes(`"${server.url}/x.mar"`),
          error.message,
        );
        assert.ok(!error.message.includes(cacheDir), error.message);
        return true;
      },
    );
  });
  await t.step("leaves no file behind in the end", async () => {
    for await (const { name, isDirectory } of Deno.readDir(`${cacheDir}/zoo`)) {
      if (!isDirectory) continue;
      await assert.rejects(Deno.stat(join(cacheDir, "zoo", name, "part")));
    }
  });
});

Deno.test("two processes that open one url both have it, from one download", async () => {
  await using temp = await tempFolder();
  await packDigits(join(temp.path, "a.mar"), { name: "a" });
  const archive = await Deno.readFile(join(temp.path, "a.mar"));
  let whole = 0;
  await using server = await fileServer((request, response) => {
    if (request.headers["if-none-match"] === undefined) whole++;
    setTimeout(() => wholeFile(archive)(request, response), 100);
  });
  const run = async () => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        join(root, "tests/archive/support/open_model.ts"),
        join(temp.path, "cache"),
        `${server.url}/m.mar`,
      ],
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout);
  };
  const [first, second] = await Promise.all([run(), run()]);
  assert.equal(first, second);
  assert.ok(await Deno.stat(join(first, "digits.onnx")));
  assert.equal(whole, 1);
});

Deno.test("ModelStore.open() with a zoo name", async (t) => {
  const model = findZooModel("squeezenet1.1")!;
  const serve = (answer: Answerer) => fileServer(answer);
  await t.step("asks for its file under the given base url", async () => {
    await using server = await serve((_request, response) =>
      void response.writeHead(404).end()
    );
    const zooUrl = `${server.url}/mirror`;
    await assert.rejects(openWith("squeezenet1.1", { zooUrl }), {
      code: "download_failed",
    });
    assert.deepEqual(server.seen.map(({ path }) => path), [
      `/mirror/${model.urls[0]}`,
    ]);
  });
  await t.step("refuses a file with another checksum", async () => {
    await using server = await serve(
      wholeFile(new Uint8Array(model.bytes)),
    );
    await assert.rejects(openWith("squeezenet1.1", { zooUrl: server.url }), {
      code: "download_failed",
      message: new RegExp(`, ${model.sha256} would be right$`),
    });
  });
  await t.step(
    "is held against allowed_urls unless the zoo is named",
    async () => {
      const refused = openWith("squeezenet1.1", {
        allowedUrls: "https://a/.*",
      });
      await assert.rejects(refused, /"huggingface\.co" is not allowed/);
    },
  );
});

import assert from "node:assert/strict";
import { run } from "../../src/cli/mod.ts";
import { packDigits } from "../archive/support/digits_archive.ts";
import { fileServer, wholeFile } from "../archive/support/file_server.ts";
import { modelFolder } from "../support/model_folder.ts";
import { onnxModel } from "../support/onnx_model.ts";
import { root } from "../support/paths.ts";
import { recorder, type RecorderOptions } from "../support/recorder.ts";
import { tempFolder } from "../support/temp.ts";
import { LINUX, needing } from "../support/needing.ts";

const PICTURES = `${root}/fixtures/digits/images`;

interface Predicted {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `mms predict`; what differs between machines is `{…}` in its output. */
async function predict(
  args: readonly string[],
  options: RecorderOptions = {},
): Promise<Predicted> {
  await using cache = await tempFolder();
  const terminal = recorder(options);
  const code = await run(
    ["predict", "--cache-dir", `${cache.path}/cache`, ...args],
    terminal,
  );
  const shown = (text: string) =>
    text.replaceAll(PICTURES, "{pictures}")
      .replaceAll(root, "{root}")
      .replaceAll(/127\.0\.0\.1:\d+/g, "{server}")
      .replaceAll(/ *\d+\.\d ms/g, " {time}")
      .replaceAll(/(?<="probability":)[\d.e-]+/g, "{p}");
  return {
    code,
    out: shown(terminal.outText()),
    err: shown(terminal.errText()),
  };
}

function digits(...args: readonly string[]): Promise<Predicted> {
  return predict(["--model", "digits", ...args]);
}

function picture(name: string): string {
  return `${PICTURES}/${name}`;
}

function topClasses(out: string): readonly string[] {
  return out.trim().split("\n").map((line) => {
    const [first] = JSON.parse(line.replaceAll("{p}", "0"));
    return first.class;
  });
}

Deno.test("mms predict --help", async (t) => {
  const { code, out, err } = await predict(["--help"]);
  assert.deepEqual([code, err], [0, ""]);
  await t.assertSnapshot(out);
});

Deno.test("mms predict shows classes as a table", async (t) => {
  const { code, out, err } = await digits(picture("7_seven.png"));
  assert.deepEqual([code, err], [0, ""]);
  await t.assertSnapshot(out);
});

Deno.test("mms predict draws bars on a terminal", async (t) => {
  const { out } = await predict(
    ["--model", "digits", "--top", "2", picture("7_seven.png")],
    { isTerminal: true },
  );
  await t.assertSnapshot(out);
});

Deno.test("mms predict colours bars where colours may be used", async () => {
  const { out } = await predict(
    ["--model", "digits", "--top", "2", picture("7_seven.png")],
    { isTerminal: true, color: true },
  );
  assert.ok(out.includes("\x1b[36m━━━━━━"), out);
});

Deno.test("mms predict names several inputs", async (t) => {
  const { code, out } = await digits(
    "--top",
    "1",
    picture("7_seven.png"),
    picture("4_four.jpg"),
  );
  assert.equal(code, 0);
  await t.assertSnapshot(out);
});

Deno.test("mms predict --json answers as HTTP does, one line an input", async () => {
  const { code, out } = await digits("--json", `${PICTURES}/*.png`);
  assert.equal(code, 0);
  assert.deepEqual(topClasses(out), [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
  ]);
  assert.equal(out.split("\n")[0]!.match(/"class"/g)?.length, 5);
});

Deno.test("mms predict runs more inputs than one batch holds", async () => {
  const names = Array.from(
    { length: 40 },
    (_, i) => picture(i % 2 ? "1_one.png" : "2_two.png"),
  );
  const { code, out } = await digits("--json", "--top", "1", ...names);
  assert.equal(code, 0);
  assert.deepEqual(
    topClasses(out),
    names.map((_, i) => i % 2 ? "one" : "two"),
  );
});

Deno.test("mms predict goes on after inputs that are none", async (t) => {
  const inputs = [
    picture("1_one.png"),
    `${PICTURES}/missing.png`,
    PICTURES,
    `${root}/fixtures/digits/README.md`,
    `${PICTURES}/*.gif`,
    picture("2_two.png"),
  ];
  for (const flags of [[], ["--json"]]) {
    await t.step(`with ${flags.join() || "a table"}`, async (t) => {
      const { code, out, err } = await digits(
        "--top",
        "1",
        ...flags,
        ...inputs,
      );
      assert.equal(code, 1);
      await t.assertSnapshot([out, err].join("---\n"));
    });
  }
});

Deno.test("mms predict --verbose says what takes how long", async (t) => {
  const { out, err } = await digits("-v", "--top", "1", picture("1_one.png"));
  assert.equal(out, "  one  100.0 %\n");
  await t.assertSnapshot(err);
});

Deno.test("mms predict takes every kind of model", async (t) => {
  await using temp = await tempFolder();
  const archive = `${temp.path}/seven.mar`;
  await packDigits(archive, { name: "seven" });
  await using server = await fileServer(
    wholeFile(await Deno.readFile(archive)),
  );
  const models: Readonly<Record<string, string>> = {
    "an archive": archive,
    "a folder": `${root}/fixtures/digits/onnx`,
    "an .onnx file": `${root}/fixtures/digits/onnx/digits.onnx`,
    "a checkpoint": `${root}/fixtures/digits/mxnet/digits`,
    "a url": `${server.url}/seven.mar`,
  };
  for (const [kind, model] of Object.entries(models)) {
    await t.step(kind, async () => {
      const { code, out, err } = await predict(
        ["--model", model, "--json", picture("7_seven.png")],
      );
      assert.equal(code, 0, err);
      assert.deepEqual(topClasses(out), ["seven"]);
    });
  }
});

Deno.test("mms predict with JSON", async (t) => {
  const value = (name: string) =>
    ({ name, type: "float32", shape: ["n", 2] }) as const;
  const graph = onnxModel({
    inputs: [value("a"), value("b")],
    outputs: [value("sum")],
    nodes: [{ op: "Add", inputs: ["a", "b"], outputs: ["sum"] }],
  });
  await using folder = await modelFolder({
    "add.onnx": graph,
    "both.json": { a: [[1, 2]], b: [[10, 20]] },
    "a.json": [[1, 2]],
    "b.json": [[3, 4]],
    "two.json": [[1, 2], [3, 4]],
    "broken.json": '{"a": ',
  });
  const add = (...args: readonly string[]) =>
    predict(["--model", `${folder.path}/add.onnx`, ...args]);

  await t.step("takes all inputs from one file, by name", async () => {
    const { out, err } = await add(`${folder.path}/both.json`);
    assert.deepEqual([out, err], ["[[[11,22]]]\n", ""]);
  });
  await t.step("takes each input from a file of its own", async () => {
    const { out, err } = await add(
      `a=${folder.path}/a.json`,
      `b=${folder.path}/b.json`,
    );
    assert.deepEqual([out, err], ["[[[4,6]]]\n", ""]);
  });
  await t.step("says which inputs differ in length", async () => {
    const { code, err } = await add(
      `a=${folder.path}/two.json`,
      `b=${folder.path}/b.json`,
    );
    assert.equal(code, 1);
    assert.match(err, /: "a" has 2 rows, "b" has 1, all should have as many$/m);
  });
  await t.step("says what is wrong with a file", async () => {
    const { code, err } = await add("--json", `${folder.path}/broken.json`);
    assert.equal(code, 1);
    assert.match(err, /^Cannot predict ".*broken\.json": Cannot read field/);
  });
});

Deno.test("mms predict reads standard input", async () => {
  const { code, stdout } = await pipeInto(
    await Deno.readFile(picture("5_five.png")),
  );
  assert.equal(code, 0);
  assert.deepEqual(topClasses(stdout), ["five"]);
});

Deno.test("mms predict says that standard input is empty", async () => {
  const { code, stderr } = await pipeInto(new Uint8Array());
  assert.deepEqual(
    [code, stderr],
    [1, 'Cannot read "standard input": it is empty\n'],
  );
});

needing(LINUX)(
  "mms predict says that its answers cannot be written",
  async () => {
    const command = [Deno.execPath(), "run", "-A", "--no-check"];
    const { code, stderr } = await new Deno.Command("sh", {
      args: [
        ...["-c", '"$@" > /dev/full', "sh", ...command, `${root}/main.ts`],
        ...["predict", "--model", "digits", picture("1_one.png")],
      ],
    }).output();
    assert.deepEqual([code, new TextDecoder().decode(stderr)], [
      1,
      "Cannot write the results: No space left on device\n",
    ]);
  },
);

Deno.test("mms predict names a folder without a graph, and the archive in it", async () => {
  await using folder = await modelFolder({ "models/seven.mar": "" });
  const { code, err } = await predict(
    ["--model", `${folder.path}/models/.`, picture("1_one.png")],
  );
  assert.deepEqual([code, err], [
    1,
    'Cannot load model "models": it holds no .onnx file and no checkpoint, "seven.mar" in it is a model\n',
  ]);
});

Deno.test("mms predict stops when it is interrupted", async () => {
  const terminal = recorder();
  terminal.interrupt();
  const args = ["predict", "--model", "digits", picture("1_one.png")];
  assert.equal(await run(args, terminal), 130);
  assert.equal(terminal.outText(), "");
});

Deno.test("mms predict does without a cache, and says so once", async () => {
  await using temp = await tempFolder();
  const model = `${temp.path}/seven.mar`;
  await packDigits(model, { name: "seven" });
  const cache = await temp.write("file", "");
  const { code, out, err } = await predict(
    ["--cache-dir", cache, "--model", model, "--json", picture("1_one.png")],
  );
  assert.equal(code, 0);
  assert.deepEqual(topClasses(out), ["one"]);
  assert.match(err, /^Warning: Cannot use the cache ".*file": .*\n$/);
});

Deno.test("the mistakes of the first ten minutes", async (t) => {
  await using server = await fileServer((_request, response) =>
    void response.writeHead(404).end()
  );
  const image = picture("1_one.png");
  const mistakes: Readonly<Record<string, readonly string[]>> = {
    "no input": [],
    "a missing file": ["--model", "digits", "kiten.jpg"],
    "a folder": ["--model", "digits", "fixtures"],
    "a url": ["--model", "digits", "https://example.org/kitten.jpg"],
    "a model as input": [`${root}/fixtures/digits/onnx/digits.onnx`],
    "a model among inputs": [`${root}/fixtures/digits/onnx/digits.onnx`, image],
    "a missing file and no model": [
      ...["--zoo-url", server.url, image, "kiten.jpg"],
    ],
    "no picture": ["--model", "digits", `${root}/deno.json`],
    "a name that is almost right": ["--model", "squeezenet11", image],
    "the beginning of a name": ["--model", "resnet50", image],
    "a name that is nothing": ["--model", "picasso", image],
    "a path that is nothing": ["--model", "./model.mar", image],
    "a picture as model": ["--model", image, image],
    "a folder without a model": ["--model", PICTURES, image],
    "a url that is not there": ["--model", `${server.url}/m.mar`, image],
    "no network": ["--zoo-url", server.url, image],
    "standard input twice": ["-", "-"],
    "no classes": ["--top", "0", image],
    "no number": ["--threads", "many", image],
    "an option that is not there": ["--modell", "digits", image],
  };
  for (const [mistake, args] of Object.entries(mistakes)) {
    await t.step(mistake, async (t) => {
      const { code, out, err } = await predict(args);
      assert.equal(out, "");
      await t.assertSnapshot(`exit ${code}\n${err}`);
    });
  }
});

async function pipeInto(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "-A", "--no-check", `${root}/main.ts`],
      ...["predict", "--model", "digits", "--json", "-"],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(bytes);
  await writer.close();
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

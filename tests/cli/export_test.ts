import assert from "node:assert/strict";
import { openFolder } from "../../src/archive/mod.ts";
import { run } from "../../src/cli/mod.ts";
import { extractArchive } from "../../src/archive/mod.ts";
import { namesIn } from "../archive/support/extraction.ts";
import { modelFolder, onnxFiles } from "../support/model_folder.ts";
import { recorder } from "../support/recorder.ts";
import { tempFolder } from "../support/temp.ts";
import { outcomeOf, startMms } from "./support/process.ts";

Deno.test("mms export --help", async (t) => {
  const terminal = recorder();
  assert.equal(await run(["export", "--help"], terminal), 0);
  assert.equal(terminal.errText(), "");
  await t.assertSnapshot(terminal.outText());
});

Deno.test("mms export writes NAME.model to the working directory", async (t) => {
  await using source = await modelFolder(onnxFiles());
  await using out = await tempFolder();
  const args = ["--model-name", "net_v1", "--model-path", source.path];

  await t.step("without a word", async () => {
    const process = startMms(["export", ...args], out.path);
    assert.deepEqual(await outcomeOf(process), { code: 0, out: "", err: "" });
    assert.deepEqual(await namesIn(out.path), ["net_v1.model"]);
    await extractArchive(`${out.path}/net_v1.model`, `${out.path}/net`);
    assert.equal((await openFolder(`${out.path}/net`)).name, "net_v1");
  });

  await t.step("but never twice", async () => {
    const process = startMms(["mxnet-model-export", ...args], out.path);
    assert.deepEqual(await outcomeOf(process), {
      code: 1,
      out: "",
      err:
        `${out.path}/net_v1.model already exists.\nRemove it, or choose another --model-name.\n`,
    });
  });
});

Deno.test("mms export takes ~ for the home folder", async () => {
  await using source = await modelFolder(onnxFiles());
  await using out = await tempFolder();
  const home = source.path.slice(0, source.path.lastIndexOf("/"));
  const name = source.path.slice(home.length + 1);
  const process = startMms(
    ["export", "--model-name", "a", "--model-path", `~/${name}`],
    out.path,
    { HOME: home },
  );
  assert.deepEqual(await outcomeOf(process), { code: 0, out: "", err: "" });
});

const MISTAKES: readonly (readonly [
  string,
  readonly string[],
  Readonly<Record<string, unknown>>?,
])[] = [
  ["nothing at all", []],
  ["a flag of mms archive", ["--model-name", "a", "--model-path", ".", "-f"]],
  ["a misspelt flag", ["--modelname", "a", "--model-path", "."]],
  ["a name with a slash", ["--model-name", "a/b", "--model-path", "{in}"]],
  ["a folder that is not there", ["--model-name", "a", "--model-path", "no"]],
  ["an empty folder", ["--model-name", "a", "--model-path", "{in}"]],
  [
    "a folder without a signature",
    ["--model-name", "a", "--model-path", "{in}"],
    { "net.onnx": "" },
  ],
  [
    "a service file that is not there",
    [
      ...["--model-name", "a", "--model-path", "{in}"],
      ...["--service-file-path", "no.py"],
    ],
    onnxFiles(),
  ],
];

Deno.test("mms export answers", async (t) => {
  for (const [what, args, files = {}] of MISTAKES) {
    await t.step(what, async (t) => {
      await using source = await modelFolder(files);
      const terminal = recorder();
      const code = await run(
        ["export", ...args.map((arg) => arg.replace("{in}", source.path))],
        terminal,
      );
      assert.equal(terminal.outText(), "");
      const err = terminal.errText().replaceAll(source.path, "{in}");
      await t.assertSnapshot(`exit ${code}\n${err}`);
    });
  }
});

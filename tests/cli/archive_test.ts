import assert from "node:assert/strict";
import { run } from "../../src/cli/mod.ts";
import { namesIn } from "../archive/support/extraction.ts";
import { modelFolder, onnxFiles } from "../support/model_folder.ts";
import { root } from "../support/paths.ts";
import { recorder } from "../support/recorder.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import {
  outcomeOf,
  startMms,
  startScript,
  untilThere,
} from "./support/process.ts";

const MIB = 1024 ** 2;

/** Runs `mms archive`; `{out}` and `{in}` in the output stand for the folders. */
async function archive(
  args: readonly string[],
  files: Readonly<Record<string, unknown>> = {},
): Promise<
  { readonly code: number; readonly out: string; readonly err: string }
> {
  await using source = await modelFolder(files);
  await using target = await tempFolder();
  const terminal = recorder();
  const filled = args.map((arg) =>
    arg.replace("{in}", source.path).replace("{out}", target.path)
  );
  const code = await run(["archive", ...filled], terminal);
  const shown = (text: string) =>
    text.replaceAll(source.path, "{in}").replaceAll(target.path, "{out}");
  return {
    code,
    out: shown(terminal.outText()),
    err: shown(terminal.errText()),
  };
}

const NAMED = ["--model-name", "a", "--model-path", "{in}"];
const GOOD = [...NAMED, "--export-path", "{out}"];

Deno.test("mms archive --help", async (t) => {
  const { code, out, err } = await archive(["--help"]);
  assert.deepEqual([code, err], [0, ""]);
  await t.assertSnapshot(out);
});

Deno.test("mms archive prints nothing when all is well", async () => {
  for (const format of ["default", "tgz", "no-archive"]) {
    const outcome = await archive(
      [...GOOD, "--archive-format", format],
      onnxFiles(),
    );
    assert.deepEqual(outcome, { code: 0, out: "", err: "" });
  }
});

Deno.test("mms archive says what it packed on a terminal", async () => {
  await using source = await modelFolder(onnxFiles());
  await using target = await tempFolder();
  const terminal = recorder({ isTerminal: true });
  const args = ["--model-path", source.path, "--export-path", target.path];
  const code = await run(["archive", "--model-name", "a", ...args], terminal);
  assert.equal(code, 0);
  assert.match(
    terminal.outText(),
    /^Packed .*a\.mar; try: mms serve .*a\.mar\n$/,
  );
});

Deno.test("mms archive shows a bar on a terminal when it takes long", async () => {
  await using source = await largeModel(80 * MIB);
  await using target = await tempFolder();
  const terminal = recorder({ isTerminal: true });
  const args = ["--model-path", source.path, "--export-path", target.path];
  const code = await run(
    ["archive", "--model-name", "a", "--archive-format", "tgz", ...args],
    terminal,
  );
  assert.equal(code, 0);
  assert.match(terminal.errText(), /^\rPacking {2}[━ ]+ .* of 167\.8 MB/);
  assert.ok(terminal.errText().endsWith("\r\x1b[K"), "nothing is left of it");
  assert.match(terminal.outText(), /^Packed /);
});

const MISTAKES: readonly (readonly [
  string,
  readonly string[],
  Readonly<Record<string, unknown>>?,
])[] = [
  ["nothing at all", []],
  ["no folder", ["--model-name", "a"]],
  ["no name after its flag", ["--model-name"]],
  ["a flag that there is not", [...GOOD, "--froce"]],
  ["a misspelt flag", ["--modelname", "a", "--model-path", "{in}"]],
  ["a built-in service that there is not", [...GOOD, "--handler", "mms:nope"]],
  ["a word too many", [...GOOD, "squeezenet"]],
  ["a runtime that there is not", [...GOOD, "--runtime", "PYTHON"]],
  ["a format that there is not", [...GOOD, "--archive-format", "zip"]],
  ["a name with a space", ["--model-name", "my model", "--model-path", "{in}"]],
  ["a folder that is not there", ["--model-name", "a", "--model-path", "no"]],
  ["a target that is not there", [...NAMED, "--export-path", "{out}/no"]],
  ["an empty folder", GOOD],
  ["code without --handler", GOOD, { ...onnxFiles(), "service.py": "pass" }],
  ["a file for a folder", [
    "--model-name",
    "a",
    "--model-path",
    "{in}/net.onnx",
  ], onnxFiles()],
  ["a broken signature", GOOD, { ...onnxFiles(), "signature.json": "{" }],
  ["two networks", GOOD, { ...onnxFiles(), "other.onnx": "" }],
];

Deno.test("mms archive answers", async (t) => {
  for (const [what, args, files] of MISTAKES) {
    await t.step(what, async (t) => {
      const { code, out, err } = await archive(args, files);
      assert.equal(out, "");
      await t.assertSnapshot(`exit ${code}\n${err}`);
    });
  }

  await t.step("an archive that is there already", async () => {
    await using source = await modelFolder(onnxFiles());
    const args = ["archive", "--model-name", "a", "--model-path", source.path];
    args.push("--export-path", source.path);
    const target = await source.write("a.mar", "old");
    const refused = recorder();
    assert.equal(await run(args, refused), 1);
    assert.equal(
      refused.errText(),
      `${target} already exists.\nSpecify --force/-f to overwrite it.\n`,
    );
    const forced = recorder();
    assert.equal(await run([...args, "-f"], forced), 0);
    assert.equal(forced.errText(), `WARNING - Overwriting ${target} ...\n`);
  });
});

/** A folder with files that take a while to pack: what does not get smaller, and zeros. */
async function largeModel(bytes: number): Promise<TempFolder> {
  const temp = await modelFolder(onnxFiles());
  const noise = crypto.getRandomValues(new Uint8Array(1 << 16));
  using weights = await Deno.open(`${temp.path}/a.bin`, {
    create: true,
    write: true,
  });
  for (let i = 0; i < bytes / noise.length; i++) await weights.write(noise);
  using zeros = await Deno.open(`${temp.path}/b.bin`, {
    create: true,
    write: true,
  });
  await zeros.truncate(bytes);
  return temp;
}

if (Deno.build.os === "linux") {
  Deno.test("mms archive packs 400 MB in less than 200 MB", async () => {
    await using source = await largeModel(200 * MIB);
    await using out = await tempFolder();
    const { code, out: peak, err } = await outcomeOf(startScript(
      `${root}/tests/cli/support/peak_memory.ts`,
      ["archive", "--model-name", "a", "--model-path", source.path],
      { cwd: out.path },
    ));
    assert.deepEqual([code, err], [0, ""]);
    assert.ok((await Deno.stat(`${out.path}/a.mar`)).size > 200 * MIB);
    assert.ok(Number(peak) < 200 * 1024, `${peak} kB`);
  });
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  Deno.test(`mms archive leaves no archive after ${signal}`, async () => {
    await using source = await largeModel(200 * MIB);
    await using out = await tempFolder();
    const process = startMms(
      ["archive", "--model-name", "a", "--model-path", source.path],
      out.path,
    );
    await untilThere(out.path, ".partial");
    process.kill(signal);
    const { code } = await outcomeOf(process);
    assert.equal(code, signal === "SIGINT" ? 130 : 137);
    const names = await namesIn(out.path);
    const expected = signal === "SIGINT" ? /^$/ : /^\.a\.mar\..*\.partial$/;
    assert.match(names.join("\n"), expected);
  });
}

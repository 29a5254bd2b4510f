import assert from "node:assert/strict";
import { CommanderError } from "../../src/cli/command.ts";
import { Exit, report } from "../../src/cli/exit.ts";
import { run } from "../../src/cli/mod.ts";
import { MmsError } from "../../src/errors.ts";
import { VERSION } from "../../src/version.ts";
import { root } from "../support/paths.ts";
import { recorder } from "../support/recorder.ts";

Deno.test("run() prints its help", async (t) => {
  const terminal = recorder();
  assert.equal(await run(["--help"], terminal), 0);
  await t.assertSnapshot(terminal.outText());
  assert.equal(terminal.errText(), "");
});

Deno.test("run() without a command prints its help", async () => {
  const [bare, help] = [recorder(), recorder()];
  assert.equal(await run([], bare), 0);
  await run(["--help"], help);
  assert.equal(bare.outText(), help.outText());
});

Deno.test("run() prints the version of deno.json", async () => {
  const terminal = recorder();
  assert.equal(await run(["--version"], terminal), 0);
  assert.equal(terminal.outText(), `${VERSION}\n`);
});

Deno.test("run() suggests the command that was meant", async () => {
  const terminal = recorder();
  assert.equal(await run(["predct"], terminal), 2);
  assert.match(terminal.errText(), /unknown command 'predct'/);
  assert.match(terminal.errText(), /Did you mean predict\?/);
});

Deno.test("run() refuses an option that there is not", async () => {
  const terminal = recorder();
  assert.equal(await run(["--nope"], terminal), 2);
  assert.match(terminal.errText(), /unknown option '--nope'/);
});

for (const name of ["archive", "export", "serve", "predict", "python"]) {
  Deno.test(`run() prints the help of ${name} for both ways to ask`, async () => {
    const [flag, word] = [recorder(), recorder()];
    assert.equal(await run([name, "--help"], flag), 0);
    assert.equal(await run(["help", name], word), 0);
    assert.match(flag.outText(), new RegExp(`^Usage: mms ${name}`));
    assert.equal(flag.outText(), word.outText());
  });
}

const OLD_NAMES = [
  ["model-archiver", "archive"],
  ["mxnet-model-export", "export"],
  ["multi-model-export", "export"],
  ["multi-model-server", "serve"],
  ["mxnet-model-server", "serve"],
] as const;

for (const [old, name] of OLD_NAMES) {
  Deno.test(`run() knows ${name} by the old name ${old}`, async () => {
    const terminal = recorder();
    assert.equal(await run([old, "--help"], terminal), 0);
    assert.match(terminal.outText(), new RegExp(`^Usage: mms ${name}`));
  });
}

Deno.test("run() prints help and version without native code", async () => {
  for (const args of [["--help"], ["--version"], ["serve", "--help"]]) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env"],
        ...["--allow-sys", `${root}/main.ts`, ...args],
      ],
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  }
});

const REPORTED: readonly [string, unknown, number, RegExp][] = [
  ["a failure", new MmsError("io_failed", "Cannot x"), 1, /^Cannot x\n$/],
  ["wrong usage", new MmsError("usage", "Cannot y"), 2, /^Cannot y\n$/],
  ["an interrupt", new MmsError("aborted", "stopped"), 130, /^$/],
  ["a bug", new TypeError("oops"), 70, /^This is a bug in mms:\nTypeError: oo/],
  ["a reader that left", new Deno.errors.BrokenPipe(), 0, /^$/],
  ["what was told already", new Exit(1), 1, /^$/],
  ["usage that was told", new CommanderError(1, "commander.x", ""), 2, /^$/],
];

for (const [what, thrown, code, text] of REPORTED) {
  Deno.test(`report() ends ${what} with ${code}`, () => {
    const terminal = recorder();
    assert.equal(report(thrown, terminal), code);
    assert.match(terminal.errText(), text);
  });
}

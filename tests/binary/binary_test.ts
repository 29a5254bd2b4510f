import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import {
  binary,
  type Outcome,
  runBinary,
  type RunOptions,
  startBinary,
} from "../support/binary.ts";
import { root } from "../support/paths.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const PICTURE = `${root}/fixtures/digits/images/7_seven.png`;
const MAX_BYTES = 165e6;

/** These need what only Linux has. */
const onLinux = Deno.build.os === "linux" ? Deno.test : Deno.test.ignore;

Deno.test("mms --version and --help", async (t) => {
  await using folder = await tempFolder();
  const options = await emptyMachine(folder);

  await t.step("print the version of deno.json", async () => {
    const { code, out } = await runBinary(["--version"], options);
    assert.deepEqual([code, out.trim()], [0, config.version]);
  });

  await t.step("name the four commands", async () => {
    const { code, out } = await runBinary(["--help"], options);
    assert.equal(code, 0);
    for (const command of ["archive", "export", "serve", "predict"]) {
      assert.match(out, new RegExp(`^ *${command} `, "m"));
    }
  });

  await t.step("load nothing native, which would be copied out", async () => {
    assert.deepEqual(await filesIn(options.env!.TMPDIR!), []);
    assert.deepEqual(await filesIn(options.env!.HOME!), []);
  });
});

Deno.test("mms archive, serve and predict in an empty folder", async (t) => {
  await using folder = await tempFolder();
  const options = await emptyMachine(folder);
  for (const file of ["digits.onnx", "signature.json", "synset.txt"]) {
    await folder.write(
      `work/digits/${file}`,
      await Deno.readFile(`${root}/fixtures/digits/onnx/${file}`),
    );
  }
  await folder.write("work/7.png", await Deno.readFile(PICTURE));

  await t.step("pack a model", async () => {
    const args = ["archive", "--model-name", "d", "--model-path", "digits"];
    assertDone(await runBinary([...args, "--export-path", "."], options));
  });

  await t.step("serve it until they are told to stop", async () => {
    const args = ["serve", "--model-store", ".", "--models", "d.mar"];
    await using server = await serve(args, options);
    const body = await Deno.readFile(PICTURE);
    const url = `${server.address}/predictions/d`;
    const response = await fetch(url, { method: "POST", body });
    assertSeven(await response.json());
  });

  await t.step("predict with it", async () => {
    const args = ["predict", "--model", "d.mar", "--json", "7.png"];
    assertSeven(JSON.parse(assertDone(await runBinary(args, options))));
  });

  await t.step("pack it in the older format", async () => {
    const args = ["export", "--model-name", "old", "--model-path", "digits"];
    assertDone(await runBinary(args, options));
    const predict = ["predict", "--model", "old.model", "--json", "7.png"];
    assertSeven(JSON.parse(assertDone(await runBinary(predict, options))));
  });
});

Deno.test("mms predict --model digits needs no file but the picture", async () => {
  await using folder = await tempFolder();
  assertSeven(await predictDigits(await emptyMachine(folder)));
});

onLinux(
  "mms predict works where only a temporary folder can be written",
  async () => {
    await using folder = await tempFolder();
    const { env } = await emptyMachine(folder);
    // Nobody, not even root, can make a file below /proc.
    const options = { cwd: "/proc", env: { ...env, HOME: "/proc/home" } };
    assertSeven(await predictDigits(options));
  },
);

onLinux(
  "mms serve works where only a temporary folder can be written",
  async () => {
    await using folder = await tempFolder();
    const { env } = await emptyMachine(folder);
    const options = { cwd: "/proc", env: { ...env, HOME: "/proc/home" } };
    await using server = await serve(["serve", "--models", "digits"], options);
    const url = `${server.address}/predictions/digits`;
    const body = await Deno.readFile(PICTURE);
    const response = await fetch(url, { method: "POST", body });
    assertSeven(await response.json());
  },
);

onLinux("mms predict works without a network", async () => {
  await using folder = await tempFolder();
  const under = await emptyNetwork();
  assertSeven(await predictDigits({ ...await emptyMachine(folder), under }));
});

onLinux("the binary stays below 165 MB", async () => {
  const { size } = await Deno.stat(await binary());
  assert.ok(size <= MAX_BYTES, `${size} bytes`);
});

/** A machine on which nobody has worked yet. */
async function emptyMachine(folder: TempFolder): Promise<RunOptions> {
  for (const name of ["home", "tmp", "work"]) {
    await Deno.mkdir(`${folder.path}/${name}`, { recursive: true });
  }
  const env = { HOME: `${folder.path}/home`, TMPDIR: `${folder.path}/tmp` };
  return { cwd: `${folder.path}/work`, env };
}

/** Words that run a program where there is no network but an idle loopback. */
async function emptyNetwork(): Promise<readonly string[]> {
  for (const words of [["unshare", "-rn"], ["sudo", "-n", "unshare", "-n"]]) {
    const [first, ...args] = [...words, "true"];
    const { success } = await new Deno.Command(first!, { args }).output()
      .catch(() => ({ success: false }));
    if (success) return words;
  }
  return assert.fail("Cannot make a network namespace: unshare is not allowed");
}

async function predictDigits(options: RunOptions): Promise<unknown> {
  const args = ["predict", "--model", "digits", "--json", PICTURE];
  return JSON.parse(assertDone(await runBinary(args, options)));
}

/** Serves on free ports until disposed of. */
async function serve(
  args: readonly string[],
  options: RunOptions,
): Promise<AsyncDisposable & { readonly address: string }> {
  const child = await startBinary([
    ...args,
    ...["--inference-address", "http://127.0.0.1:0"],
    ...["--management-address", "http://127.0.0.1:0", "--workers", "1"],
  ], options);
  const errors = new Response(child.stderr).text();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    address: await addressIn(lines, errors),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      while (!(await lines.read()).done);
      const { code } = await child.status;
      // Windows knows no SIGTERM: the process just ends.
      if (Deno.build.os !== "windows") assert.equal(code, 0, await errors);
    },
  };
}

async function addressIn(
  lines: ReadableStreamDefaultReader<string>,
  errors: Promise<string>,
): Promise<string> {
  let text = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) assert.fail(`mms serve ended: ${await errors}`);
    text += value;
    const found = /curl .*?(http:\/\/[^\s/]+)\/predictions/.exec(text);
    if (found) return found[1]!;
  }
}

function assertDone({ code, out, err }: Outcome): string {
  assert.equal(code, 0, err);
  return out;
}

function assertSeven(answer: unknown): void {
  const [first] = answer as { class: string; probability: number }[];
  assert.equal(first?.class, "seven");
  assert.ok(first.probability > 0.5);
}

async function filesIn(folder: string): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names;
}

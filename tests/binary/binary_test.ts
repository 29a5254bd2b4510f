import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { everyKind } from "../service/image/support/every_kind.ts";
import { binary, embedding, runBinary } from "../support/binary.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import {
  addressIn,
  assertDone,
  assertSeven,
  emptyMachine,
  filesIn,
  onLinux,
  PICTURE,
  post,
  predict,
  serve,
} from "./machine.ts";

const MAX_BYTES = 165e6;

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

Deno.test("the commands in an empty folder", async (t) => {
  await using folder = await tempFolder();
  const options = await emptyMachine(folder);
  for (const file of ["digits.onnx", "signature.json", "synset.txt"]) {
    const content = await Deno.readFile(`${root}/fixtures/digits/onnx/${file}`);
    await folder.write(`work/digits/${file}`, content);
  }

  await t.step("mms archive packs a model", async () => {
    const args = ["archive", "--model-name", "d", "--model-path", "digits"];
    assertDone(await runBinary([...args, "--export-path", "."], options));
  });

  await t.step("mms serve answers with it until it is stopped", async () => {
    const args = ["--model-store", ".", "--models", "d.mar"];
    await using server = await serve(args, options);
    assertSeven(await post(server.address, "d"));
  });

  await t.step("mms predict runs it", async () => {
    assertSeven(await predict("d.mar", options));
  });

  await t.step("mms export packs it in the older format", async () => {
    const args = ["export", "--model-name", "old", "--model-path", "digits"];
    assertDone(await runBinary(args, options));
    assertSeven(await predict("old.model", options));
  });

  await t.step("mms predict runs the digits that are embedded", async () => {
    assertSeven(await predict("digits", options));
  });

  await t.step("mms predict runs what was embedded unless told", async () => {
    const program = await embedding(`${options.cwd}/d.mar`);
    const args = ["predict", "--json", PICTURE];
    const outcome = await runBinary(args, { ...options, program });
    assertSeven(JSON.parse(assertDone(outcome)));
  });
});

Deno.test("mms serve --start and --stop", async () => {
  await using folder = await tempFolder();
  const options = await emptyMachine(folder);
  const pidFile = ["--pid-file", "pid"];
  const started = assertDone(
    await runBinary([
      ...["serve", "--start", ...pidFile, "--models", "digits"],
      ...["--inference-address", "http://127.0.0.1:0"],
      ...["--management-address", "http://127.0.0.1:0", "--workers", "1"],
    ], options),
  );
  try {
    assertSeven(await post(addressIn(started)!, "digits"));
  } finally {
    assertDone(await runBinary(["serve", "--stop", ...pidFile], options));
  }
});

Deno.test("mms predict decodes every kind of picture", async (t) => {
  await using folder = await tempFolder();
  const options = await emptyMachine(folder);
  const pictures = await everyKind();
  for (const [kind, content] of Object.entries(pictures)) {
    await t.step(kind, async () => {
      const file = await folder.write(`work/picture.${kind}`, content);
      const args = ["predict", "--model", "digits", "--json", file];
      const answer = JSON.parse(assertDone(await runBinary(args, options)));
      assert.equal(answer.length, 5);
    });
  }
});

onLinux("the binary stays below 165 MB", async () => {
  const { size } = await Deno.stat(await binary());
  assert.ok(size <= MAX_BYTES, `${size} bytes`);
});

import assert from "node:assert/strict";
import { basename } from "node:path";
import { API } from "../../src/service/custom/inside/api.ts";
import { SERVICE_TYPES } from "../../src/service/mod.ts";
import { root } from "../support/paths.ts";
import { pythonTest } from "../python/support/python.ts";
import { tempFolder } from "../support/temp.ts";
import { outcome } from "./support/mms.ts";

const PICTURE = `${root}/fixtures/digits/images/7_seven.png`;

/** Makes a folder of a template, packs it, and has it answer `input`. */
async function answerOf(template: string, input: string): Promise<unknown> {
  await using place = await tempFolder();
  const file = await place.write("input.json", input);
  const run = async (...args: readonly string[]) => {
    const { code, out, err } = await outcome(args, { folder: place });
    assert.deepEqual([code, err], [0, ""]);
    return out;
  };
  assert.equal(await run("init", "mine", "--template", template), "");
  const handler = template === "python" ? "service:handle" : "service.ts";
  const named = ["--model-name", "mine", "--model-path", "mine"];
  assert.equal(await run("archive", ...named, "--handler", handler), "");
  const asked = template === "image" || template === "detector"
    ? PICTURE
    : file;
  const served = await run("predict", "--model", "mine", "--json", asked);
  const packed = await run("predict", "--model", "mine.mar", "--json", asked);
  assert.equal(served, packed);
  if (template !== "python") await check(`${place.path}/mine`);
  return JSON.parse(served);
}

/** Type-checks the service as an editor would. */
async function check(folder: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "service.ts"],
    cwd: folder,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

const NUMBERS = JSON.stringify({ values: [1, 2, 6] });

Deno.test("mms init makes what can be served and packed at once:", async (t) => {
  await t.step("image", async () => {
    const classes = await answerOf("image", "") as { class: string }[];
    assert.deepEqual([classes.length, classes[0]?.class], [3, "seven"]);
  });

  await t.step("json", async () => {
    assert.deepEqual(await answerOf("json", NUMBERS), { mean: 3, count: 3 });
  });

  await t.step("detector", async () => {
    const seen = await answerOf("detector", "") as { class: string }[];
    assert.deepEqual(seen.map((it) => it.class), ["cat", "dog"]);
  });
});

Deno.test("mms init fills an empty folder, the one it is in as well", async () => {
  await using place = await tempFolder();
  const { code, err } = await outcome(["init", "."], { folder: place });
  assert.deepEqual([code, err], [0, ""]);
  const manifest = await Deno.readTextFile(
    `${place.path}/MAR-INF/MANIFEST.json`,
  );
  assert.equal(JSON.parse(manifest).model.modelName, basename(place.path));
});

Deno.test("mms init leads every editor to the types", async () => {
  await using place = await tempFolder();
  await outcome(["init", "mine", "--template", "json"], { folder: place });
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(`${place.path}/mine/${name}`));
  const { imports } = await read("deno.json");
  const { compilerOptions: { paths, moduleResolution } } = await read(
    "tsconfig.json",
  );
  assert.deepEqual(paths, { mms: [imports.mms] });
  assert.equal(moduleResolution, "bundler");
  const types = await Deno.readTextFile(`${place.path}/mine/${imports.mms}`);
  assert.equal(types, SERVICE_TYPES);
});

pythonTest("mms init --template python makes a service in Python", async () => {
  assert.deepEqual(await answerOf("python", NUMBERS), { mean: 3, count: 3 });
});

pythonTest(
  "mms init --template python makes one that says what is wrong",
  async () => {
    await using place = await tempFolder();
    await place.write("input.json", JSON.stringify({ values: "12" }));
    await outcome(["init", "mine", "--template", "python"], { folder: place });
    const args = ["--model", "mine", "input.json"];
    const { code, err } = await outcome(["predict", ...args], {
      folder: place,
    });
    assert.equal(code, 1);
    assert.match(
      err,
      /^Cannot predict "input\.json": Send numbers: \{"values": \[1, 2, 3\]\}$/m,
    );
  },
);

Deno.test("mms init refuses", async (t) => {
  await using place = await tempFolder();
  await t.step("a folder that is there", async () => {
    await place.write("there/file", "");
    const { code, err } = await outcome(["init", "there"], { folder: place });
    assert.deepEqual([code, err], [
      1,
      'Cannot make "there": there is something of that name, a new or an empty folder would be right\n',
    ]);
  });

  await t.step("a template that there is not", async () => {
    const args = ["init", "it", "--template", "other"];
    assert.equal((await outcome(args, { folder: place })).code, 2);
  });
});

Deno.test("what is declared of mms is what there is", () => {
  const declared = [
    ...SERVICE_TYPES.matchAll(
      /^export (?:abstract )?(?:class|function) (\w+)/gm,
    ),
  ].map(([, name]) => name);
  assert.deepEqual(declared.toSorted(), Object.keys(API).toSorted());
});

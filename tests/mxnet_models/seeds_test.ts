import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { sharedTest } from "../support/shared.ts";
import {
  addresses,
  FREE_PORTS,
  type Machine,
  machine,
} from "./support/machine.ts";
import { needing, POSIX } from "../support/needing.ts";

/** Stands for the original's template of that name, which is not in this tree. */
const TEMPLATE = `${root}/src/export/python/mxnet_vision_service.py`;

const DIGITS = `${root}/fixtures/digits`;
const DIGITS_FILES = [
  "digits-symbol.json",
  "digits-0000.params",
  "signature.json",
  "synset.txt",
].map((name) => `${DIGITS}/mxnet/${name}`);
const THREE = `${DIGITS}/images/3_three.png`;

const WORKERS = ["--workers", "1"];

/** What the original's documents answer for kitten_small.jpg. */
const KITTEN = [
  "n02127052 lynx, catamount",
  "n02124075 Egyptian cat",
  "n02123045 tabby, tabby cat",
  "n02123394 Persian cat",
  "n02123159 tiger cat",
];

function squeezenetFiles(shared: string): readonly string[] {
  const folder = `${shared}/models/squeezenet_v1.1`;
  return [
    "squeezenet_v1.1-symbol.json",
    "squeezenet_v1.1-0000.params",
    "signature.json",
    "synset.txt",
  ].map((name) => `${folder}/${name}`);
}

function classes(answer: string): readonly string[] {
  const ranked: readonly { readonly class: string }[] = JSON.parse(answer);
  return ranked.map((entry) => entry.class);
}

/** Which service a model got, and why, as the management API tells. */
async function describe(
  { curl }: Machine,
  url: string,
): Promise<readonly [string, string]> {
  const { service, serviceReason } = JSON.parse(await curl(url));
  return [service, serviceReason];
}

Deno.test("model-archiver with a template of the original makes an archive that runs built in", async () => {
  await using place = await machine();
  const { mms, curl } = place;
  await place.copy([...DIGITS_FILES, TEMPLATE], "digits");
  assert.equal(
    await mms(
      ...["model-archiver", "--model-name", "digits", "--model-path", "digits"],
      ...["--handler", "mxnet_vision_service:handle"],
    ),
    "",
  );
  const printed = await mms(
    ...["mxnet-model-server", ...FREE_PORTS, ...WORKERS],
    ...["--model-store", ".", "--models", "digits.mar"],
  );
  const { inference, management } = addresses(printed);
  const answer = await curl("-T", THREE, `${inference}/predictions/digits`);
  assert.equal(classes(answer)[0], "three");
  assert.deepEqual(await describe(place, `${management}/models/digits`), [
    "mms:image",
    '"mxnet_vision_service.py" is what mms export wrote',
  ]);
});

needing(POSIX)(
  "Python is started for a template of the original only where that is asked for",
  async (t) => {
    await using place = await machine();
    const { mms, curl, path } = place;
    await place.copy([...DIGITS_FILES, TEMPLATE], "digits");
    await mms(
      ...["model-archiver", "--model-name", "digits", "--model-path", "digits"],
      ...["--handler", "mxnet_vision_service:handle"],
    );
    const interpreter = `${path}/interpreter`;
    const mark = `${path}/started`;
    const script = `#!/bin/sh\ntouch '${mark}'\n`;
    await Deno.writeTextFile(interpreter, script, { mode: 0o755 });
    const printed = await mms(
      ...["mxnet-model-server", ...FREE_PORTS, "--python", interpreter],
      ...["--model-store", ".", "--models", "digits.mar", ...WORKERS],
    );
    const { inference, management } = addresses(printed);
    const register = (name: string, service: string) =>
      curl(
        ...["-X", "POST"],
        `${management}/models?url=digits.mar&model_name=${name}&service=${service}&initial_workers=1`,
      );

    await t.step("not otherwise", async () => {
      await curl("-T", THREE, `${inference}/predictions/digits`);
      assert.match(await register("built-in", "auto"), /Workers scaled/);
      await assert.rejects(Deno.stat(mark), Deno.errors.NotFound);
    });

    await t.step("with service=python", async () => {
      assert.match(await register("code", "python"), /Failed to start/);
      assert.ok((await Deno.stat(mark)).isFile);
    });

    await t.step("and with no other word", async () => {
      const { code } = JSON.parse(await register("other", "Python"));
      assert.equal(code, 400);
    });
  },
);

Deno.test("mxnet-model-export makes an archive that runs built in", async () => {
  await using place = await machine();
  const { mms, curl } = place;
  await place.copy(DIGITS_FILES, ".");
  await mms(
    "mxnet-model-export",
    "--model-name",
    "digits",
    "--model-path",
    ".",
  );
  const printed = await mms(
    ...["mxnet-model-server", ...FREE_PORTS, ...WORKERS],
    ...["--models", "ten=digits.model"],
  );
  const { inference, management } = addresses(printed);
  const answer = await curl("-T", THREE, `${inference}/predictions/ten`);
  assert.equal(classes(answer)[0], "three");
  const [service] = await describe(place, `${management}/models/ten`);
  assert.equal(service, "mms:image");
});

Deno.test("mxnet-model-server serves a folder with a checkpoint, and the prefix of one", async () => {
  await using place = await machine();
  const { mms, curl } = place;
  await place.copy(DIGITS_FILES, "digits");
  const printed = await mms(
    ...["mxnet-model-server", ...FREE_PORTS, ...WORKERS],
    ...["--models", "folder=digits", "prefix=digits/digits"],
  );
  const { inference, management } = addresses(printed);
  for (const name of ["folder", "prefix"]) {
    const answer = await curl("-T", THREE, `${inference}/predictions/${name}`);
    assert.equal(classes(answer)[0], "three");
    assert.deepEqual(await describe(place, `${management}/models/${name}`), [
      "mms:image",
      "no handler is named, its signature's input_type is image/jpeg",
    ]);
  }
});

Deno.test("a checkpoint is served where nothing can be kept, and nothing stays behind", async () => {
  await using place = await machine({ MMS_CACHE_DIR: "/dev/null/nowhere" });
  const { mms, curl } = place;
  await place.copy(DIGITS_FILES, "digits");
  const printed = await mms(
    ...["mxnet-model-server", ...FREE_PORTS, ...WORKERS, "--models", "digits"],
  );
  const { inference } = addresses(printed);
  const answer = await curl("-T", THREE, `${inference}/predictions/digits`);
  assert.equal(classes(answer)[0], "three");
  const left: string[] = [];
  for await (const { name } of Deno.readDir(`${place.path}/../tmp`)) {
    if (name.startsWith("mms-cache-")) left.push(name);
  }
  assert.deepEqual(left, []);
});

sharedTest(
  "the commands of the packaging tutorial pack SqueezeNet",
  async (shared) => {
    await using place = await machine();
    const { mms } = place;
    await place.copy([...squeezenetFiles(shared), TEMPLATE], "squeezenet");
    await mms(
      ...["model-archiver", "--model-name", "squeezenet_v1.1"],
      ...["--model-path", "squeezenet"],
      ...["--handler", "mxnet_vision_service:handle"],
    );
    const picture = `${shared}/images/kitten_small.jpg`;
    const answer = await mms(
      ...["predict", "--model", "squeezenet_v1.1.mar", "--json", picture],
    );
    assert.deepEqual(classes(answer), KITTEN);
  },
);

sharedTest(
  "the commands of the export tutorial serve SqueezeNet",
  async (shared) => {
    await using place = await machine();
    const { mms, curl } = place;
    await place.copy(squeezenetFiles(shared), "model-example");
    const example = "model-example";
    await mms(
      ...["mxnet-model-export", "--model-name", "squeezenet_v1.1"],
      ...["--model-path", example],
    );
    const printed = await mms(
      ...["mxnet-model-server", ...FREE_PORTS, ...WORKERS],
      ...["--models", "squeezenet=squeezenet_v1.1.model"],
    );
    const { inference } = addresses(printed);
    const picture = `${shared}/images/kitten_small.jpg`;
    for (
      const [path, ...args] of [
        ["predictions/squeezenet", "-T", picture],
        ["squeezenet/predict", "-F", `data=@${picture}`],
      ]
    ) {
      const answer = await curl(...args, `${inference}/${path}`);
      assert.deepEqual(classes(answer), KITTEN);
    }
  },
);

sharedTest(
  "the commands of the vision example answer for a kitten",
  async (shared) => {
    await using place = await machine();
    const { mms, curl } = place;
    await place.copy([`${shared}/images/kitten_small.jpg`], "docs/images");
    await place.copy([...squeezenetFiles(shared), TEMPLATE], "mxnet_vision");
    await Deno.mkdir(`${place.path}/examples`);
    await mms(
      ...["model-archiver", "--model-name", "squeezenet_v1.1"],
      ...["--model-path", "mxnet_vision", "--export-path", "examples"],
      ...["--handler", "mxnet_vision_service:handle"],
    );
    const printed = await mms(
      ...["mxnet-model-server", "--start", ...FREE_PORTS, ...WORKERS],
      ...["--model-store", "examples", "--models", "squeezenet_v1.1.mar"],
    );
    const { inference, management } = addresses(printed);
    const answer = await curl(
      ...["-X", "POST", `${inference}/predictions/squeezenet_v1.1`],
      ...["-T", "docs/images/kitten_small.jpg"],
    );
    assert.deepEqual(classes(answer), KITTEN);
    assert.deepEqual(
      JSON.parse(
        await curl("-X", "DELETE", `${management}/models/squeezenet_v1.1`),
      ),
      { status: 'Model "squeezenet_v1.1" unregistered' },
    );
    assert.equal(
      await mms("mxnet-model-server", "--stop"),
      "Model server stopped.\n",
    );
  },
);

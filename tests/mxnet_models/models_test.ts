import assert from "node:assert/strict";
import { openFolder } from "../../src/archive/mod.ts";
import {
  type Inputs,
  loadService,
  type LoadServiceOptions,
  type Service,
} from "../../src/service/mod.ts";
import { assertClose } from "../support/close.ts";
import { sharedTest } from "../support/shared.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

/** One class as it is answered. */
interface Ranked {
  readonly probability: number;
  readonly class: string;
}

const CLASSES = 1000;

/** Loads the service of a model that is made of these files. */
async function load(
  temp: TempFolder,
  files: readonly string[],
  options: Partial<LoadServiceOptions> & { readonly signature?: unknown } = {},
): Promise<Service> {
  const name = crypto.randomUUID();
  for (const file of files) {
    const base = file.slice(file.lastIndexOf("/") + 1);
    await temp.write(`${name}/${base}`, await Deno.readFile(file));
  }
  const { signature, ...rest } = options;
  if (signature !== undefined) {
    const text = JSON.stringify(signature);
    await temp.write(`${name}/signature.json`, text);
  }
  return await loadService(await openFolder(`${temp.path}/${name}`), {
    threads: 1,
    cacheFolder: `${temp.path}/cache`,
    ...rest,
  });
}

async function ask(
  service: Service,
  picture: string,
): Promise<readonly Ranked[]> {
  const data = await Deno.readFile(picture);
  const inputs: Inputs = {
    requestId: "1",
    headers: {},
    fields: new Map([["body", { contentType: "image/jpeg", data }]]),
  };
  const [settled] = await service.predict([inputs]);
  if (settled?.status !== "fulfilled") throw settled?.reason;
  return JSON.parse(new TextDecoder().decode(settled.value.body));
}

/** Scores in the order of the classes' names. */
function inOrder(ranked: readonly Ranked[]): readonly number[] {
  return ranked.toSorted((a, b) => a.class < b.class ? -1 : 1)
    .map(({ probability }) => probability);
}

sharedTest("SqueezeNet from its checkpoint", async (shared, t) => {
  const folder = `${shared}/models/squeezenet_v1.1`;
  const { images } = JSON.parse(
    await Deno.readTextFile(`${folder}/expected.json`),
  );
  const common = ["signature.json", "synset.txt"];
  const checkpoint = [
    "squeezenet_v1.1-symbol.json",
    "squeezenet_v1.1-0000.params",
  ];
  const paths = (names: readonly string[]) =>
    [...names, ...common].map((name) => `${folder}/${name}`);
  await using temp = await tempFolder();
  const options = { top: CLASSES };
  await using converted = await load(temp, paths(checkpoint), options);
  await using onnx = await load(temp, paths(["squeezenet_v1.1.onnx"]), options);

  for (
    const [name, { top5 }] of Object.entries<{ top5: readonly Ranked[] }>(
      images,
    )
  ) {
    await t.step(`${name}: what MXNet gave, to 0.0001`, async () => {
      const ranked = await ask(converted, `${shared}/images/${name}`);
      assert.equal(ranked.length, CLASSES);
      assert.deepEqual(
        ranked.slice(0, top5.length).map((it) => it.class),
        top5.map((it) => it.class),
      );
      assertClose(
        ranked.slice(0, top5.length).map((it) => it.probability),
        top5.map((it) => it.probability),
        { atol: 1e-4 },
      );
    });

    await t.step(`${name}: what its ONNX file gives, to 0.00001`, async () => {
      const picture = `${shared}/images/${name}`;
      assertClose(
        inOrder(await ask(converted, picture)),
        inOrder(await ask(onnx, picture)),
        { atol: 1e-5 },
      );
    });
  }
});

sharedTest("CIFAR ResNet-20 from its checkpoint", async (shared, t) => {
  const folder = `${shared}/models/cifar_resnet20_v1`;
  const { images, tolerance } = JSON.parse(
    await Deno.readTextFile(`${folder}/expected.json`),
  );
  const files = ["symbol.json", "0000.params"]
    .map((end) => `${folder}/cifar_resnet20_v1-${end}`);
  const input = { data_name: "data", data_shape: [0, 3, 32, 32] };
  const preprocess = {
    scale: 1 / 255,
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.2023, 0.1994, 0.2010],
  };
  await using temp = await tempFolder();
  for (
    const [kind, inputs] of [
      ["raw", [input]],
      ["normalised", [{ ...input, preprocess }]],
    ] as const
  ) {
    await using service = await load(temp, files, {
      signature: { inputs },
      top: 10,
    });
    for (
      const [name, expected] of Object.entries<
        Record<string, readonly number[]>
      >(images)
    ) {
      await t.step(`${name}, ${kind}`, async () => {
        const ranked = await ask(service, `${shared}/images/${name}`);
        assertClose(inOrder(ranked), expected[kind]!, tolerance);
      });
    }
  }
});

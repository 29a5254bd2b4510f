/**
 * Makes the archive that a release embeds: the zoo's default model, fetched by
 * its url and checked by its SHA-256, packed with its labels by mms itself.
 *
 * ```sh
 * deno task release:model FOLDER
 * ```
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import {
  DEFAULT_ZOO_MODEL,
  findZooModel,
  ZOO_URL,
  zooLabels,
  type ZooModel,
  zooSignature,
} from "../src/archive/store/zoo.ts";
import { download, requireSum } from "./download.ts";
import { run } from "./process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODEL_NAME = "squeezenet";

if (import.meta.main) await release(Deno.args[0] ?? "dist");

async function release(output: string): Promise<void> {
  const model = findZooModel(DEFAULT_ZOO_MODEL)!; // a test holds the name
  const folder = await Deno.makeTempDir({ prefix: "mms-release-" });
  try {
    await fetchModel(model, folder);
    await Deno.mkdir(output, { recursive: true });
    await run(Deno.execPath(), [
      ...["run", "-A", `${ROOT}/main.ts`, "archive"],
      ...["--model-name", MODEL_NAME, "--model-path", folder],
      ...["--export-path", await Deno.realPath(output)],
    ], ROOT);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lays the model out as one that somebody wants to pack. */
async function fetchModel(model: ZooModel, folder: string): Promise<void> {
  const url = new URL(model.urls[0]!, `${ZOO_URL.replace(/\/$/, "")}/`);
  const graph = await download(url.href);
  await requireSum(graph, model.sha256, url.href);
  await Deno.writeFile(`${folder}/${model.name}.onnx`, graph);
  await Deno.writeTextFile(
    `${folder}/signature.json`,
    JSON.stringify(zooSignature(model), undefined, 2),
  );
  const labels = await zooLabels(model);
  await Deno.writeTextFile(`${folder}/synset.txt`, `${labels.join("\n")}\n`);
}

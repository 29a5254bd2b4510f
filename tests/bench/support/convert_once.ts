/**
 * Converts one checkpoint in a process of its own, and prints
 * `{ms, peakBytes}`; without a checkpoint, what a process takes that converts
 * none.
 *
 * Arguments: symbol, params, a folder that does not exist; `cache` converts as
 * for serving, with the checkpoint's digest; `inline` into one file.
 *
 * @module
 */

import { convertCheckpointFiles } from "../../../src/engine/mod.ts";
import { openConvertedGraph } from "../../../src/service/converted_graph.ts";
import { print } from "./statistics.ts";

const [symbol, params, folder, mode] = Deno.args;
const started = performance.now();
if (symbol !== undefined) {
  await convert({ symbol, params: params! }, folder!);
}
const ms = performance.now() - started;
const status = await Deno.readTextFile("/proc/self/status");
const [, peak] = /^VmHWM:\s*(\d+) kB$/m.exec(status)!;
print(JSON.stringify({ ms, peakBytes: Number(peak) * 1024 }));

async function convert(
  files: { readonly symbol: string; readonly params: string },
  folder: string,
): Promise<void> {
  if (mode === "inline") {
    await Deno.mkdir(folder);
    const graph = `${folder}/model.onnx`;
    await convertCheckpointFiles(files, { graph, weights: "inline" });
  } else {
    const checkpoint = { format: "mxnet", ...files } as const;
    await using _graph = await openConvertedGraph(
      checkpoint,
      undefined,
      folder,
    );
  }
}

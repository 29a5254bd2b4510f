/**
 * The control of served throughput: decode, resize, run and rank in a plain
 * loop. Reads a duration in ms from each line of its input, loops for as long
 * and prints `{perSecond, p50Ms}`.
 *
 * @module
 */

import { onnxEngine } from "../../../src/engine/mod.ts";
import { decodePixels } from "../../../src/service/image/decode_image.ts";
import { resize, topK } from "../../../src/tensor/mod.ts";
import { readLines } from "./lines.ts";
import { median, print } from "./statistics.ts";

const SIZE = 224;
const TOP = 5;
const [folder, picture] = Deno.args;

const bytes = await Deno.readFile(picture!);
await using session = await onnxEngine().load(
  `${folder}/squeezenet_v1.1.onnx`,
  { threads: 1 },
);

async function classify(): Promise<void> {
  const pixels = await decodePixels(bytes);
  const { data } = resize(pixels, {
    width: SIZE,
    height: SIZE,
    interpolation: "cubic",
  });
  const { softmax } = await session.run({
    data: { type: "float32", shape: [1, 3, SIZE, SIZE], data },
  });
  topK(softmax!.data as Float32Array, TOP);
}

async function loopFor(ms: number): Promise<void> {
  const durations: number[] = [];
  const end = performance.now() + ms;
  for (let now = performance.now(); now < end;) {
    await classify();
    const then = now;
    now = performance.now();
    durations.push(now - then);
  }
  const perSecond = durations.length / ms * 1000;
  print(JSON.stringify({ perSecond, p50Ms: median(durations) }));
}

for await (const line of readLines(Deno.stdin.readable)) {
  await loopFor(Number(line));
}

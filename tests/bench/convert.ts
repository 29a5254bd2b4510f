/**
 * What converting a checkpoint costs, against copying its file, and whether the
 * converted SqueezeNet is served as fast as its ONNX twin.
 *
 * Run it with `deno task bench:convert`; needs Linux, 3 GB of disk, wrk and
 * `../shared`.
 *
 * @module
 */

import {
  PICTURE,
  squeezenet,
  squeezenetCheckpoint,
} from "./support/archives.ts";
import {
  type LargeCheckpoint,
  largeCheckpoint,
  type WeightType,
} from "./support/large_checkpoint.ts";
import { load } from "./support/load.ts";
import { startScript, startServer } from "./support/process.ts";
import { claimLine, print } from "./support/statistics.ts";

const MEGABYTES = 500;
const ROUNDS = 5;
const SERVED_ROUNDS = 7;
const ROUND_SECONDS = 4;

/** What a conversion reports. */
interface Converted {
  readonly ms: number;
  readonly peakBytes: number;
}

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const type of ["float32", "float16"] as const) {
      await benchConversion(`${folder}/${type}`, type);
    }
    await benchServed(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function benchConversion(
  folder: string,
  type: WeightType,
): Promise<void> {
  await Deno.mkdir(folder);
  const checkpoint = await largeCheckpoint(folder, {
    type,
    megabytes: MEGABYTES,
  });
  const idle = await convert();
  for (const mode of ["cache", "inline"] as const) {
    const times: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const copying = await copyMs(checkpoint, `${folder}/copy`);
      const made = `${folder}/${mode}`;
      const { symbol, params } = checkpoint;
      const { ms, peakBytes } = await convert(symbol, params, made, mode);
      times.push(ms / copying);
      peaks.push(peakBytes / checkpoint.bytes);
      await Deno.remove(made, { recursive: true });
      print(
        `  converted in ${ms.toFixed(0)} ms, copied in ${
          copying.toFixed(0)
        } ms; ${megabytes(peakBytes)} MB at most, ${
          megabytes(idle.peakBytes)
        } MB without a checkpoint`,
      );
    }
    const where = mode === "cache" ? "into the cache" : "into one file";
    const what = `${MEGABYTES} MB of ${type} ${where}`;
    print(claimLine({
      what: `${what}: time ÷ copying the file`,
      ratios: times,
      goal: { atMost: 3 },
    }));
    print(claimLine({
      what: `${what}: peak memory ÷ size of the file`,
      ratios: peaks,
      goal: { atMost: 1.3 },
    }));
  }
}

async function convert(...args: readonly string[]): Promise<Converted> {
  await using child = startScript(
    "tests/bench/support/convert_once.ts",
    ...args,
  );
  return JSON.parse(await child.line());
}

async function copyMs(
  { params }: LargeCheckpoint,
  target: string,
): Promise<number> {
  const started = performance.now();
  await Deno.copyFile(params, target);
  const ms = performance.now() - started;
  await Deno.remove(target);
  return ms;
}

async function benchServed(folder: string): Promise<void> {
  const onnx = await squeezenet(folder);
  const checkpoint = await squeezenetCheckpoint(folder);
  await using server = await startServer(
    ...["--workers", "1", "--cache-dir", `${folder}/cache`],
    ...["--models", `onnx=${onnx}`, `checkpoint=${checkpoint}`],
  );
  const perSecond = async (model: string) => {
    const seen = await load({
      url: `${server.address}/predictions/${model}`,
      connections: 4,
      seconds: ROUND_SECONDS,
      body: PICTURE,
    });
    if (seen.errors > 0) throw new Error(`${model}: ${seen.errors} errors`);
    return seen.perSecond;
  };
  await perSecond("onnx");
  await perSecond("checkpoint");
  const ratios: number[] = [];
  for (let round = 0; round < SERVED_ROUNDS; round++) {
    const before = await perSecond("onnx");
    const converted = await perSecond("checkpoint");
    const after = await perSecond("onnx");
    ratios.push(converted / ((before + after) / 2));
  }
  print(claimLine({
    what: "SqueezeNet served: from its checkpoint ÷ from its ONNX file",
    ratios,
    goal: { atLeast: 0.97 },
  }));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

await main();

/**
 * A server of a model that does nothing, which counts what it answers or does
 * not. Prints where it answers; to each line on its standard input it says how
 * much CPU time it has had, in ms.
 *
 * Arguments: `counting` or `control`, and the folder of MMS's log files, if
 * there are to be any.
 *
 * @module
 */

import process from "node:process";
import { DEFAULT_MANIFEST } from "../../../src/archive/mod.ts";
import { configureLog, metricsLog } from "../../../src/log.ts";
import { Metrics } from "../../../src/metrics.ts";
import { addressText, ModelServer } from "../../../src/server/mod.ts";
import { Registry, workerLaunch } from "../../../src/workload/mod.ts";
import { root } from "../../support/paths.ts";
import { readLines } from "./lines.ts";
import { print } from "./statistics.ts";

/** What the server's own part costs without it. */
class Uncounted extends Metrics {
  override responded(): void {}
}

const FREE_PORT = { scheme: "http", host: "127.0.0.1", port: 0 } as const;
const ONE = { minWorkers: 1, maxWorkers: 1 };
const NOTHING = { inference: undefined, management: undefined };
const NO_CORS = {
  allowedOrigin: undefined,
  allowedMethods: undefined,
  allowedHeaders: undefined,
};

async function main(kind: string, folder?: string): Promise<void> {
  const files = folder === undefined
    ? undefined
    : { logs: folder, metrics: folder };
  await configureLog({ console: { color: false, write: () => {} }, files });
  const isCounting = kind === "counting";
  const metrics = isCounting
    ? new Metrics({
      mmsLog: metricsLog("mms_metrics"),
      modelLog: metricsLog("model_metrics"),
    })
    : new Uncounted();
  const registry = await noopRegistry(isCounting ? { metrics } : {});
  const { inferenceAddress } = await ModelServer.start({
    registry,
    metrics,
    started: Promise.resolve(),
    inferenceAddress: FREE_PORT,
    managementAddress: FREE_PORT,
    maxRequestSize: 1 << 20,
    maxConnections: 100,
    cors: NO_CORS,
    defaultWorkers: 0,
    maxWorkers: 1,
    inferenceMetrics: true,
    unregisterTimeout: 1000,
    pingFailsWhenUnhealthy: false,
    tls: { kind: "self-signed" },
    tokens: NOTHING,
  });
  print(`${addressText(inferenceAddress)}/predictions/noop`);
  for await (const _ of readLines(Deno.stdin.readable)) {
    const { user, system } = process.cpuUsage();
    print(String((user + system) / 1000));
  }
}

async function noopRegistry(
  counted: { readonly metrics?: Metrics },
): Promise<Registry> {
  const archive = {
    name: "noop",
    folder: "/nowhere",
    manifest: { ...DEFAULT_MANIFEST, handler: "mms:noop" },
    signature: undefined,
    labels: [],
    graph: undefined,
  };
  const opened = { archive, [Symbol.asyncDispose]: () => Promise.resolve() };
  const registry = new Registry({
    ...counted,
    launch: workerLaunch(`${root}/main.ts`),
    open: () => Promise.resolve(opened),
  });
  const model = await registry.register({ url: "noop", name: "noop", ...ONE });
  await model.scale(ONE).done;
  return registry;
}

await main(Deno.args[0] ?? "counting", Deno.args[1]);

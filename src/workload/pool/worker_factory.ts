import type { ModelArchive, Runtime } from "../../archive/mod.ts";
import type { ModelMetrics } from "../../metrics.ts";
import type { ServiceKind } from "../../service/mod.ts";
import type { Clock } from "../clock.ts";
import { MAX_BODY_BYTES } from "../protocol/frame.ts";
import { type WorkerLaunch, workerLaunch } from "../process/launch.ts";
import { DEFAULT_MAX_RESPONSE_BYTES } from "../limits.ts";
import type { ModelLimits } from "../options.ts";
import { Worker } from "./worker.ts";
import type { WorkerHooks } from "./worker_pool_options.ts";

/** What the workers of one model are started with. */
export interface WorkerFactoryOptions {
  /** What the model is registered as. */
  readonly name: string;
  /** What all their ids begin with: MMS has the port of its backend there. */
  readonly prefix: number;
  readonly archive: ModelArchive;
  readonly runtime: Runtime;
  readonly handler: string | undefined;
  readonly service: "auto" | "python";
  /** As `WorkerPurpose` has it. */
  readonly mayRunCode: boolean;
  /** Hears which service the model got, each time a worker has loaded it. */
  readonly onService: (service: ServiceKind) => void;
  readonly limits: ModelLimits;
  readonly maxResponseBytes: number | undefined;
  /** As `WorkerOptions` has it. */
  readonly logsFailures: boolean | undefined;
  readonly launch: WorkerLaunch | undefined;
  readonly cacheFolder: string | undefined;
  readonly metrics: ModelMetrics | undefined;
  readonly clock: Clock;
}

/** MMS shows this much of a model's name in the names of its workers. */
const MAX_LOG_NAME = 25;

/** Returns what starts the workers of one model, one with each call. */
export function workerFactory(
  options: WorkerFactoryOptions,
): (hooks: WorkerHooks) => Worker {
  const { name, archive, runtime, handler, service, cacheFolder } = options;
  const { limits, metrics, prefix, onService, mayRunCode } = options;
  const { threads } = limits;
  const batchSize = Math.max(1, limits.batchSize);
  const maxResponseBytes = options.maxResponseBytes ??
    DEFAULT_MAX_RESPONSE_BYTES;
  const launch = options.launch ?? workerLaunch();
  let count = 0;
  return (hooks) => {
    const id = `${prefix}-${randomDigits()}`;
    return new Worker({
      ...hooks,
      ...limits,
      id,
      archive,
      clock: options.clock,
      launch: () =>
        launch({ archive, handler, service, runtime, threads, mayRunCode }),
      logName: `W-${name.slice(0, MAX_LOG_NAME)}-${++count}`,
      maxReplyBytes: Math.min(MAX_BODY_BYTES, batchSize * maxResponseBytes),
      load: {
        name,
        runtime,
        threads,
        batchSize,
        maxResponseBytes,
        ...(handler === undefined ? {} : { handler }),
        ...(service === "auto" ? {} : { service }),
        ...(cacheFolder === undefined ? {} : { cacheFolder }),
      },
      logsFailures: options.logsFailures,
      onService,
      onMetric: metrics && ((metric) => metrics.measured(metric)),
      metrics,
      metricName: `W-${prefix}-${name}`,
    });
  };
}

/** Eight hexadecimal digits. */
function randomDigits(): string {
  return crypto.getRandomValues(new Uint8Array(4)).toHex();
}

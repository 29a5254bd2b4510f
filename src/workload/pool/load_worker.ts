import type { ModelArchive } from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import type { ServiceKind } from "../../service/mod.ts";
import type { ModelMetrics } from "../../metrics.ts";
import type { Clock } from "../clock.ts";
import { refuse } from "../protocol/door.ts";
import type { WorkerCommand } from "../process/launch.ts";
import type { Load } from "../protocol/messages.ts";
import { appendLoad } from "../protocol/orders.ts";
import { readReply } from "../protocol/reply_reader.ts";
import {
  WorkerProcess,
  type WorkerProcessOptions,
} from "../process/worker_process.ts";

/** What a worker process is started with, and how long that may take. */
export interface LoadWorkerOptions
  extends Omit<WorkerProcessOptions, "command"> {
  /** Decides anew, for each process, what is started. */
  readonly launch: () => WorkerCommand | Promise<WorkerCommand>;
  readonly archive: ModelArchive;
  readonly load: Omit<Load, "type" | "id">;
  readonly clock: Clock;
  /** From the start of the process to its `loaded`, in ms. */
  readonly loadTimeout: number;
  /** Counts how long that takes. */
  readonly metrics: ModelMetrics | undefined;
  /** What metrics call the worker. */
  readonly metricName: string;
  /** Hears which service the model got, where the worker says. */
  readonly onService: (service: ServiceKind) => void;
}

/** How long a process that hung up may take to end by itself, in ms. */
const HANG_UP_MS = 1_000;

/**
 * Starts a worker process and has it load its model; `signal` kills it.
 *
 * @throws {MmsError} `load_failed` if it ends or takes too long, or whatever
 * the model's service fails with
 */
export async function loadWorker(
  options: LoadWorkerOptions,
  signal: AbortSignal,
): Promise<WorkerProcess> {
  const { clock, loadTimeout, metrics, metricName } = options;
  const began = clock.now();
  const late = new AbortController();
  const cancel = clock.after(loadTimeout, () => late.abort());
  try {
    const either = AbortSignal.any([signal, late.signal]);
    const process = await startAndLoad(options, either);
    metrics?.loaded(metricName, clock.now() - began);
    return process;
  } catch (error) {
    if (!late.signal.aborted) throw error;
    throw cannotLoad(
      options,
      `it took more than ${loadTimeout / 1000} s`,
    );
  } finally {
    cancel();
  }
}

async function startAndLoad(
  options: LoadWorkerOptions,
  signal: AbortSignal,
): Promise<WorkerProcess> {
  const command = await options.launch();
  const process = await WorkerProcess.start({ ...options, command }, signal);
  const kill = () => process.kill();
  signal.addEventListener("abort", kill);
  try {
    if (signal.aborted) process.kill();
    appendLoad(process.writer, { id: 0, ...options.load }, options.archive);
    // That it cannot be written is noticed by there being no answer.
    await process.writer.flush().catch(() => {});
    const service = await expectLoaded(process, options) ?? command.service;
    if (service !== undefined) options.onService(service);
    return process;
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

async function expectLoaded(
  process: WorkerProcess,
  options: LoadWorkerOptions,
): Promise<ServiceKind | undefined> {
  const frames = await process.receive();
  if (frames === undefined) {
    throw cannotLoad(options, await process.endWithin(HANG_UP_MS));
  }
  const reply = readReply(frames[0]!);
  if (reply.type === "failed") throw reply.error;
  if (reply.type !== "loaded" || frames.length > 1) {
    refuse("type", '"loaded" or "failed", in answer to "load"');
  }
  return reply.service;
}

function cannotLoad(options: LoadWorkerOptions, why: string): MmsError {
  return new MmsError(
    "load_failed",
    `Cannot load model "${options.load.name}": ${why}`,
  );
}

import type { ModelArchive } from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { Inputs, Prediction, ServiceKind } from "../../service/mod.ts";
import { BatchQueue } from "../queue/batch_queue.ts";
import type { ModelDescription, ModelStatus } from "../description.ts";
import {
  callerGone,
  type CallerSignal,
  Job,
  type JobOptions,
} from "../queue/job.ts";
import type { Model } from "./model.ts";
import type {
  ModelLimits,
  RegisterOptions,
  ScaleOutcome,
  WorkerRange,
} from "../options.ts";
import { noWorkerAvailable } from "../pool/refusals.ts";
import type { RegisteredModelOptions } from "./registered_model_options.ts";
import { WorkerPool } from "../pool/worker_pool.ts";

const log = logger("workload");

/** A model as a `Registry` keeps it. */
export class RegisteredModel implements Model {
  readonly #options: RegisteredModelOptions;
  readonly #queue: BatchQueue;
  readonly #pool: WorkerPool;
  readonly #jobOptions: JobOptions;
  readonly #noWorker: MmsError;
  #service: ServiceKind | undefined;
  #unloading = false;

  /** Makes a model without workers. */
  constructor(options: RegisteredModelOptions) {
    const { name, limits, clock } = options;
    const batchSize = Math.max(1, limits.batchSize);
    this.#options = options;
    this.#noWorker = noWorkerAvailable(name);
    this.#queue = new BatchQueue({
      clock,
      capacity: limits.queueSize,
      batchSize,
      maxBatchDelay: limits.maxBatchDelay,
      full: this.#noWorker,
      onReady: () => this.#pool.dispatch(),
    });
    this.#pool = new WorkerPool({
      clock,
      name,
      queue: this.#queue,
      batchSize,
      idleTimeout: limits.idleTimeout,
      create: options.createWorker,
    });
    this.#jobOptions = {
      clock,
      timeout: limits.requestTimeout,
      onGivenUp: (job) => this.#giveUp(job),
    };
  }

  get name(): string {
    return this.#options.name;
  }

  get url(): string {
    return this.registration.url;
  }

  get registration(): RegisterOptions {
    return this.#options.registration;
  }

  get archive(): ModelArchive {
    return this.#options.archive;
  }

  get limits(): ModelLimits {
    return this.#options.limits;
  }

  get status(): ModelStatus {
    return this.#unloading ? "UNLOADING" : this.#pool.status;
  }

  get reason(): string | undefined {
    return this.#pool.reason;
  }

  get queueLength(): number {
    return this.#queue.length;
  }

  get range(): WorkerRange {
    return this.#pool.range;
  }

  get running(): number {
    return this.#pool.running;
  }

  /** Takes note of the service that a worker has loaded. */
  serviceIs(service: ServiceKind): void {
    if (this.#service?.name !== service.name) {
      log.info("Model {model} runs as {name}: {reason}", {
        model: this.name,
        ...service,
      });
    }
    this.#service = service;
  }

  predict(inputs: Inputs, signal: CallerSignal): Promise<Prediction> {
    const refusal = signal.aborted ? callerGone() : this.#refusal;
    if (refusal !== undefined) return Promise.reject(refusal);
    const job = new Job(inputs, signal, this.#jobOptions);
    this.#queue.push(job);
    this.#pool.dispatch();
    return job.prediction;
  }

  scale(range: WorkerRange): { readonly done: Promise<ScaleOutcome> } {
    if (this.#unloading) {
      return {
        done: Promise.resolve({
          status: "failed",
          running: 0,
          reason: "it is being unregistered",
          outOfMemory: false,
        }),
      };
    }
    return { done: this.#pool.scale(range) };
  }

  describe(): ModelDescription {
    const { archive, runtime, limits } = this.#options;
    const { loadedAtStartup = false } = this.registration;
    const { engine, modelVersion } = archive.manifest;
    const { reason } = this;
    const service = this.#service;
    return {
      modelName: this.name,
      ...modelVersion !== undefined && { modelVersion },
      modelUrl: this.url,
      ...(engine === undefined ? {} : { engine: engine.name }),
      runtime,
      ...service && { service: service.name, serviceReason: service.reason },
      ...this.range,
      batchSize: limits.batchSize,
      maxBatchDelay: limits.maxBatchDelay,
      loadedAtStartup,
      status: this.status,
      ...(reason === undefined ? {} : { reason }),
      workers: this.#pool.describe(),
    };
  }

  /**
   * Takes no more requests, answers those it has, and stops its workers; what
   * is left after `timeout` ms is killed.
   *
   * @throws {MmsError} `request_timeout` if that had to be done
   */
  async unload(timeout: number): Promise<void> {
    this.#unloading = true;
    this.#queue.close();
    let late = false;
    const cancel = this.#options.clock.after(timeout, () => {
      late = true;
      this.#pool.kill(this.#noWorker);
    });
    await this.#pool.drain();
    cancel();
    if (!late) return;
    throw new MmsError(
      "request_timeout",
      `Timed out while cleaning resources: ${this.name}`,
    );
  }

  get #refusal(): MmsError | undefined {
    if (this.#unloading) return this.#noWorker;
    return this.#pool.refusal ??
      (this.#queue.isFull ? this.#noWorker : undefined);
  }

  #giveUp(job: Job): void {
    this.#queue.drop(job);
    // Those who stayed for it alone may leave.
    this.#pool.dispatch();
  }
}

import { messageOf, MmsError } from "../errors.ts";
import { logger } from "../log.ts";
import type { ModelMetrics } from "../metrics.ts";
import { systemClock } from "./clock.ts";
import { defaultModelName } from "./default_model_name.ts";
import { resolveLimits } from "./limits.ts";
import type { Model } from "./model.ts";
import type {
  OpenedArchive,
  RegisterOptions,
  RegistryOptions,
} from "./options.ts";
import { RegisteredModel } from "./registered_model.ts";
import { workerFactory } from "./worker_factory.ts";

/** A model and the files that it holds on to. */
interface Entry {
  readonly model: RegisteredModel;
  readonly opened: OpenedArchive;
  readonly metrics: ModelMetrics | undefined;
}

/** MMS numbers its backends from here. */
const FIRST_PREFIX = 9000;

const log = logger("workload");

/** Models by name. */
export class Registry implements AsyncDisposable {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new AbortController();
  #nextPrefix = FIRST_PREFIX;

  /** Makes a registry without models. */
  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /**
   * Opens the archive and registers it; its workers, if it is to have any,
   * start to load and are not waited for: `scale` the model to the same range
   * for that.
   *
   * @throws {MmsError} `conflict` if the name is taken, `aborted` if the
   * registry is closed meanwhile, and whatever opening the archive throws
   */
  async register(options: RegisterOptions): Promise<Model> {
    if (options.name !== undefined) this.#requireFree(options.name);
    const { signal: closing } = this.#closing;
    const opened = await this.#options.open(
      options.url,
      options.signal === undefined
        ? closing
        : AbortSignal.any([closing, options.signal]),
    );
    try {
      closing.throwIfAborted();
      return this.#add(options, opened);
    } catch (error) {
      await opened[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Returns the model of that name.
   *
   * @throws {MmsError} `model_not_found` if there is none
   */
  get(name: string): Model {
    return this.#entry(name).model;
  }

  /** Returns the model of that name, if there is one. */
  find(name: string): Model | undefined {
    return this.#entries.get(name)?.model;
  }

  /** Returns all models, sorted by name as UTF-16 code units. */
  list(): readonly Model[] {
    return [...this.#entries.keys()].sort().map((name) => this.get(name));
  }

  /**
   * Takes no more requests for the model, answers those it has, stops its
   * workers and forgets it.
   *
   * @throws {MmsError} `model_not_found` if there is none of that name;
   * `request_timeout` if `timeout` (ms) was over first: the model then stays
   * registered, without workers
   */
  async unregister(
    name: string,
    options: { readonly timeout: number },
  ): Promise<void> {
    const entry = this.#entry(name);
    await entry.model.unload(options.timeout);
    await this.#forget(name, entry);
  }

  /**
   * Answers what was accepted, for at most `graceMs`, then kills every worker;
   * nothing can be registered any more.
   */
  async close(graceMs: number): Promise<void> {
    this.#closing.abort(
      new MmsError("aborted", "Cannot register a model: the server is closing"),
    );
    await Promise.all([...this.#entries].map(async ([name, entry]) => {
      await entry.model.unload(graceMs).catch((error) => {
        log.warn("{why}", { why: messageOf(error) });
      });
      await this.#forget(name, entry);
    }));
  }

  /** Kills every worker at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
  }

  #add(options: RegisterOptions, opened: OpenedArchive): Model {
    const { archive } = opened;
    const name = options.name ?? archive.manifest.modelName ??
      defaultModelName(options.url);
    this.#requireFree(name);
    const metrics = this.#options.metrics?.add(
      name,
      archive.manifest.modelVersion,
    );
    const common = {
      name,
      archive,
      clock: systemClock,
      runtime: options.runtime ?? archive.manifest.runtime,
      limits: resolveLimits(options, this.#options.defaults ?? {}),
    };
    const model: RegisteredModel = new RegisteredModel({
      ...common,
      url: options.url,
      loadedAtStartup: options.loadedAtStartup ?? false,
      createWorker: workerFactory({
        ...common,
        prefix: this.#nextPrefix++,
        handler: options.handler,
        service: options.service ?? this.#options.service ?? "auto",
        onService: (service) => model.serviceIs(service),
        maxResponseBytes: this.#options.maxResponseSize,
        launch: this.#options.launch,
        cacheFolder: this.#options.cacheFolder,
        metrics,
      }),
    });
    this.#entries.set(name, { model, opened, metrics });
    log.info("Model {name} registered.", { name });
    const { minWorkers = 0, maxWorkers = minWorkers } = options;
    model.scale({ minWorkers, maxWorkers });
    return model;
  }

  async #forget(name: string, entry: Entry): Promise<void> {
    // Another call may have been quicker, and the name be in use again.
    if (this.#entries.get(name) !== entry) return;
    this.#entries.delete(name);
    if (entry.metrics !== undefined) {
      this.#options.metrics?.forget(entry.metrics);
    }
    await entry.opened[Symbol.asyncDispose]();
    log.info("Model {name} unregistered.", { name });
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    throw new MmsError("model_not_found", `Model not found: ${name}`);
  }

  #requireFree(name: string): void {
    if (!this.#entries.has(name)) return;
    throw new MmsError("conflict", `Model ${name} is already registered.`);
  }
}

import { MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { archiveState } from "./archive_state.ts";
import { createModel, type ModelParts } from "./create_model.ts";
import { defaultModelName } from "./default_model_name.ts";
import type { Model } from "./model.ts";
import type {
  OpenedArchive,
  RegisterOptions,
  RegistryOptions,
} from "../options.ts";
import type { RegisteredModel } from "./registered_model.ts";
import type { RegistryEntry } from "./registry_entry.ts";
import { loadBeside, retire } from "./replace_model.ts";

/** MMS numbers its backends from here. */
const FIRST_PREFIX = 9000;

const log = logger("workload");

/** Models by name. */
export class Registry implements AsyncDisposable {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, RegistryEntry>();
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
      const state = await archiveState(opened.archive, options.url);
      closing.throwIfAborted();
      return this.#add(options, opened, state);
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
   * Looks at the files of a model again. If they have changed, it loads them
   * beside the old ones, which answer until the new ones can; those are given
   * up after `timeout` ms at the latest.
   *
   * @returns whether they had changed
   * @throws {MmsError} `model_not_found` if there is none of that name,
   * `load_failed` if no worker can load the new files, and whatever opening
   * the archive throws: the old one stays
   */
  async refresh(
    name: string,
    { timeout }: { readonly timeout: number },
  ): Promise<boolean> {
    const old = this.#entry(name);
    const { options, metrics } = old;
    const { signal } = this.#closing;
    await using unused = new AsyncDisposableStack();
    const opened = unused.use(await this.#options.open(options.url, signal));
    const { archive } = opened;
    const state = await archiveState(archive, options.url);
    if (state === old.state) return false;
    const model = this.#create({ name, archive, options, metrics });
    const isWanted = () =>
      this.#entries.get(name) === old && old.model.status !== "UNLOADING";
    await loadBeside(model, old.model, { signal, isWanted });
    unused.move();
    if (metrics !== undefined) {
      metrics.version = archive.manifest.modelVersion ?? "";
    }
    this.#entries.set(name, { model, opened, metrics, options, state });
    log.info("Model {name} replaced: its files have changed.", { name });
    await retire(old.model, timeout);
    await old.opened[Symbol.asyncDispose]();
    return true;
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
      await retire(entry.model, graceMs);
      await this.#forget(name, entry);
    }));
  }

  /** Kills every worker at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
  }

  #create(parts: Omit<ModelParts, "prefix">): RegisteredModel {
    const prefix = this.#nextPrefix++;
    return createModel({ ...parts, prefix }, this.#options);
  }

  #add(
    options: RegisterOptions,
    opened: OpenedArchive,
    state: string,
  ): Model {
    const { archive } = opened;
    const name = options.name ?? archive.manifest.modelName ??
      defaultModelName(options.url);
    this.#requireFree(name);
    const metrics = this.#options.metrics?.add(
      name,
      archive.manifest.modelVersion,
    );
    const model = this.#create({ name, archive, options, metrics });
    this.#entries.set(name, { model, opened, metrics, options, state });
    log.info("Model {name} registered.", { name });
    const { minWorkers = 0, maxWorkers = minWorkers } = options;
    model.scale({ minWorkers, maxWorkers });
    return model;
  }

  async #forget(name: string, entry: RegistryEntry): Promise<void> {
    // Another call may have been quicker, and the name be in use again.
    if (this.#entries.get(name) !== entry) return;
    this.#entries.delete(name);
    if (entry.metrics !== undefined) {
      this.#options.metrics?.forget(entry.metrics);
    }
    await entry.opened[Symbol.asyncDispose]();
    log.info("Model {name} unregistered.", { name });
  }

  #entry(name: string): RegistryEntry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    throw new MmsError("model_not_found", `Model not found: ${name}`);
  }

  #requireFree(name: string): void {
    if (!this.#entries.has(name)) return;
    throw new MmsError("conflict", `Model ${name} is already registered.`);
  }
}

import type { Model } from "./model.ts";
import type { RegisterOptions, RegistryOptions } from "./options.ts";

/** Models by name. */
export declare class Registry implements AsyncDisposable {
  /** Makes a registry without models. */
  constructor(options: RegistryOptions);
  /**
   * Opens the archive and registers it; its workers, if it is to have any,
   * start to load and are not waited for: `scale` the model to the same range
   * for that.
   *
   * @throws {MmsError} `conflict` if the name is taken, and whatever opening
   * the archive throws
   */
  register(options: RegisterOptions): Promise<Model>;
  /** @throws {MmsError} `model_not_found` if there is none of that name */
  get(name: string): Model;
  /** Returns the model of that name, if there is one. */
  find(name: string): Model | undefined;
  /** Returns all models, sorted by name as UTF-16 code units. */
  list(): readonly Model[];
  /**
   * Takes no more requests for the model, answers those it has, stops its
   * workers and forgets it.
   *
   * @throws {MmsError} `model_not_found` if there is none of that name;
   * `request_timeout` if `timeout` (ms) was over first: the model then stays
   * registered, without workers
   */
  unregister(
    name: string,
    options: { readonly timeout: number },
  ): Promise<void>;
  /** Answers what was accepted, for at most `graceMs`, then kills every worker. */
  close(graceMs: number): Promise<void>;
  /** Kills every worker at once. */
  [Symbol.asyncDispose](): Promise<void>;
}

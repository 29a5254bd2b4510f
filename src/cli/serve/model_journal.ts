import { dirname } from "node:path";
import type { ModelReference, Settings } from "../../config/mod.ts";
import { messageOf, MmsError, systemError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { ChangeJournal } from "../../server/mod.ts";
import type { Model } from "../../workload/mod.ts";
import {
  formatState,
  type SavedModel,
  savedModel,
  type SavedState,
} from "./saved_state.ts";

/**
 * Remembers what callers of the management API have changed, in a file if there
 * is to be one. Models that cannot be loaded any more stay in it.
 */
export class ModelJournal implements ChangeJournal {
  readonly #path: string | undefined;
  readonly #selection: Settings["loadModels"];
  readonly #models: Map<string, SavedModel>;
  #unregistered: SavedState["unregistered"];
  #saved: Promise<void> = Promise.resolve();

  private constructor(
    { state: path, loadModels }: Pick<Settings, "state" | "loadModels">,
    { models, unregistered }: SavedState,
  ) {
    this.#path = path;
    this.#selection = loadModels;
    this.#models = new Map(models.map((model) => [model.name, model]));
    this.#unregistered = unregistered;
  }

  /**
   * Reads what the file of the settings says, if they name one.
   *
   * @throws {MmsError} `invalid_settings` if it is broken, or in no folder;
   * `io_failed` if it cannot be read
   */
  static async open(
    settings: Pick<Settings, "state" | "loadModels">,
  ): Promise<ModelJournal> {
    const { state: path } = settings;
    if (path === undefined) {
      return new ModelJournal(settings, { models: [], unregistered: [] });
    }
    await requireFolder(path);
    const { readState } = await import("./read_state.ts");
    return new ModelJournal(settings, await readState(path));
  }

  /** The models to be registered again, in the order of their registration. */
  get models(): readonly SavedModel[] {
    return [...this.#models.values()];
  }

  /** Whether callers have changed the model of a reference: it is theirs then. */
  knows(reference: ModelReference): boolean {
    return this.models.some((model) =>
      model.name === reference.name || refersTo(reference, model)
    );
  }

  /** Whether callers have unregistered the model of a reference. */
  forgot(reference: ModelReference): boolean {
    return this.#unregistered.some((model) => refersTo(reference, model));
  }

  async changed(model: Model): Promise<void> {
    this.#models.set(model.name, savedModel(model));
    this.#unregistered = this.#unregistered.filter((it) => !isSame(it, model));
    await this.#save();
  }

  async unregistered({ name, url }: Model): Promise<void> {
    this.#models.delete(name);
    if (this.#isFromStart({ name, url })) {
      const others = this.#unregistered.filter((it) =>
        !isSame(it, { name, url })
      );
      this.#unregistered = [...others, { name, url }];
    }
    await this.#save();
  }

  /** Others would never be registered by themselves again. */
  #isFromStart(model: Pick<Model, "name" | "url">): boolean {
    const selection = this.#selection;
    return selection === "ALL"
      ? !/^\w+:\/\//.test(model.url)
      : selection.some((reference) => refersTo(reference, model));
  }

  async #save(): Promise<void> {
    const path = this.#path;
    if (path === undefined) return;
    // One after another, or an older state could end up last.
    this.#saved = this.#saved.then(() => this.#write(path));
    await this.#saved;
  }

  /** What has been done is done: that it is not kept is for the log. */
  async #write(path: string): Promise<void> {
    const part = `${path}.${Deno.pid}.part`;
    const { models } = this;
    try {
      await writeThrough(
        part,
        formatState({ models, unregistered: this.#unregistered }),
      );
      await Deno.rename(part, path);
    } catch (error) {
      const why = messageOf(systemError(`Cannot save "${path}"`, error));
      logger("serve").error("{why}", { why });
      await Deno.remove(part).catch(() => {});
    }
  }
}

/** Urls may hold secrets. */
const OWNER_ONLY = 0o600;

async function writeThrough(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, {
    ...{ write: true, create: true, truncate: true },
    mode: OWNER_ONLY,
  });
  const bytes = new TextEncoder().encode(text);
  for (let rest = bytes; rest.length > 0;) {
    rest = rest.subarray(await file.write(rest));
  }
  await file.syncData();
}

async function requireFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const isThere = await Deno.stat(folder).then(
    ({ isDirectory }) => isDirectory,
    () => false,
  );
  if (isThere) return;
  throw new MmsError(
    "invalid_settings",
    `Cannot keep the state in "${path}": there is no folder "${folder}"`,
  );
}

type Registered = Pick<Model, "name" | "url">;

function isSame(a: Registered, b: Registered): boolean {
  return a.name === b.name && a.url === b.url;
}

/** Whether a reference means a model; one without a name, whatever has its url. */
export function refersTo(
  { name, url }: ModelReference,
  model: Registered,
): boolean {
  return url === model.url && (name === undefined || name === model.name);
}

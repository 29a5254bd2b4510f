import type { ModelReference, Settings } from "../../config/mod.ts";
import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { RegisterOptions, Registry } from "../../workload/mod.ts";
import { type ModelJournal, refersTo } from "./model_journal.ts";
import { storedModels } from "./stored_models.ts";

/** How models are registered from the start. */
export interface RegisterModelsOptions {
  /** Whether the program was called by an old name, and speaks as the original did. */
  readonly isOriginal: boolean;
  /** What callers have changed before, which counts more than the settings. */
  readonly journal: ModelJournal;
}

/** Which models are served, and what callers have changed about them. */
export interface WantedModels {
  readonly settings: Settings;
  readonly journal: ModelJournal;
}

/**
 * Registers the models that are served from the start, in their order, and
 * begins to load them. One that cannot be opened is logged and left out, as in
 * the original.
 *
 * @returns why some were left out, a sentence each
 * @throws {MmsError} `invalid_settings` if a local model is not there, and no
 * store was named that it could be in
 */
export async function registerModels(
  registry: Registry,
  { settings, isOriginal, journal }: RegisterModelsOptions & WantedModels,
): Promise<readonly string[]> {
  const wanted = await references(settings);
  const reasons = await registerSaved(registry, journal.models, wanted);
  for (const reference of wanted) {
    if (journal.knows(reference) || isForgotten(reference, journal)) continue;
    const reason = await registerModel(registry, {
      reference,
      settings,
      isOriginal,
    });
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons;
}

/** Registers what callers had registered or scaled before. */
async function registerSaved(
  registry: Registry,
  models: ModelJournal["models"],
  wanted: readonly ModelReference[],
): Promise<string[]> {
  const reasons = [];
  for (const model of models) {
    const loadedAtStartup = wanted.some((it) => refersTo(it, model));
    const reason = await tryRegister(registry, { ...model, loadedAtStartup });
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons;
}

function isForgotten(
  reference: ModelReference,
  journal: ModelJournal,
): boolean {
  const isForgotten = journal.forgot(reference);
  if (isForgotten) {
    logger("serve").info(
      "Model {url} is left out: it was unregistered over the management API, registering it there brings it back",
      { url: reference.url },
    );
  }
  return isForgotten;
}

/** Registers a model; one that cannot be is told to the log. */
async function tryRegister(
  registry: Registry,
  options: RegisterOptions,
): Promise<string | undefined> {
  try {
    await registry.register(options);
  } catch (error) {
    return leftOut(options.url, error);
  }
}

/**
 * Replaces the models whose files have changed, and registers those that are
 * not: of the settings, such as new ones of the store, but none that callers
 * have unregistered, and of the callers' own. What cannot be done is logged.
 */
export async function refreshModels(
  registry: Registry,
  { settings, journal }: WantedModels,
): Promise<void> {
  const timeout = settings.unregisterModelTimeout * 1000;
  const models = registry.list();
  await Promise.all(
    models.map(({ name }) => registry.refresh(name, { timeout }).catch(logWhy)),
  );
  const wanted = await references(settings);
  const lost = journal.models.filter(({ name }) => !registry.find(name));
  await registerSaved(registry, lost, wanted);
  const urls = new Set(registry.list().map(({ url }) => url));
  for (const reference of wanted) {
    if (urls.has(reference.url) || journal.forgot(reference)) continue;
    await registerModel(registry, { reference, settings, isOriginal: false })
      .catch(logWhy);
  }
}

function logWhy(error: unknown): void {
  logger("serve").error("{why}", { why: messageOf(error) });
}

async function registerModel(
  registry: Registry,
  { reference: { name, url }, settings, isOriginal }: {
    readonly reference: ModelReference;
    readonly settings: Settings;
    readonly isOriginal: boolean;
  },
): Promise<string | undefined> {
  try {
    await registry.register({
      url,
      ...(name === undefined ? {} : { name }),
      ...workers(settings),
      loadedAtStartup: true,
    });
  } catch (error) {
    if (isNowhere(error, settings)) {
      throw nowhere(url, { isOriginal, cause: error });
    }
    return leftOut(url, error);
  }
}

/** Tells the log that a model is left out, and returns why. */
function leftOut(url: string, error: unknown): string {
  const reason = messageOf(error);
  const isTaken = error instanceof MmsError && error.code === "conflict";
  logger("serve")[isTaken ? "warn" : "error"](
    "Failed to load model: {url}: {reason}",
    { url, reason },
  );
  return reason;
}

/** As many as the system lets run at a time, control groups included. */
function workers(
  { defaultWorkersPerModel }: Settings,
): { readonly minWorkers: number; readonly maxWorkers: number } {
  const count = defaultWorkersPerModel || navigator.hardwareConcurrency;
  return { minWorkers: count, maxWorkers: count };
}

async function references(
  settings: Settings,
): Promise<readonly ModelReference[]> {
  const { loadModels, modelStore } = settings;
  if (loadModels !== "ALL") return loadModels;
  if (modelStore === undefined) {
    logger("serve").warn("Model store is not configured.");
    return [];
  }
  try {
    return await storedModels(modelStore, settings);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    logger("serve").warn("Model store path is not found: {modelStore}", {
      modelStore,
    });
    return [];
  }
}

function isNowhere(error: unknown, { modelStore }: Settings): boolean {
  return modelStore === undefined && error instanceof MmsError &&
    error.code === "model_not_found";
}

function nowhere(
  url: string,
  { isOriginal, cause }: {
    readonly isOriginal: boolean;
    readonly cause: unknown;
  },
): MmsError {
  const what =
    `Cannot serve "${url}": it is no file, no folder and no model of the zoo`;
  const message = isOriginal ? `${what}\n${STORE_REQUIRED}` : what;
  return new MmsError("invalid_settings", message, { cause });
}

const STORE_REQUIRED = "--model-store is required to load model locally.";

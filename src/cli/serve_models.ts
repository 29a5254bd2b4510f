import { join } from "node:path";
import type { ModelReference, Settings } from "../config/mod.ts";
import { messageOf, MmsError } from "../errors.ts";
import { logger } from "../log.ts";
import type { Registry } from "../workload/mod.ts";

/**
 * Registers the models that are served from the start, in their order, and
 * begins to load them. One that cannot be opened is logged and left out, as in
 * the original.
 *
 * @throws {MmsError} `invalid_settings` if a local model is not there, and no
 * store was named that it could be in
 */
export async function registerModels(
  registry: Registry,
  settings: Settings,
): Promise<void> {
  for (const reference of await references(settings)) {
    await registerModel(registry, { reference, settings });
  }
}

/**
 * Replaces the models whose files have changed, and registers those of the
 * settings that are not, such as new ones of the store. What cannot be done is
 * logged.
 */
export async function refreshModels(
  registry: Registry,
  settings: Settings,
): Promise<void> {
  const timeout = settings.unregisterModelTimeout * 1000;
  const models = registry.list();
  await Promise.all(
    models.map(({ name }) => registry.refresh(name, { timeout }).catch(logWhy)),
  );
  const urls = new Set(models.map(({ url }) => url));
  for (const reference of await references(settings)) {
    if (urls.has(reference.url)) continue;
    await registerModel(registry, { reference, settings }).catch(logWhy);
  }
}

function logWhy(error: unknown): void {
  logger("serve").error("{why}", { why: messageOf(error) });
}

async function registerModel(
  registry: Registry,
  { reference: { name, url }, settings }: {
    readonly reference: ModelReference;
    readonly settings: Settings;
  },
): Promise<void> {
  try {
    await registry.register({
      url,
      ...(name === undefined ? {} : { name }),
      ...workers(settings),
      loadedAtStartup: true,
    });
  } catch (error) {
    const reason = messageOf(error);
    if (isNowhere(error, settings)) throw storeRequired(url, error);
    logger("serve").error("Failed to load model: {url}: {reason}", {
      url,
      reason,
    });
  }
}

/** As many as the system lets run at a time, control groups included. */
function workers(
  { defaultWorkersPerModel }: Settings,
): { readonly minWorkers: number; readonly maxWorkers: number } {
  const count = defaultWorkersPerModel || navigator.hardwareConcurrency;
  return { minWorkers: count, maxWorkers: count };
}

async function references(
  { loadModels, modelStore }: Settings,
): Promise<readonly ModelReference[]> {
  if (loadModels !== "ALL") return loadModels;
  if (modelStore === undefined) {
    logger("serve").warn("Model store is not configured.");
    return [];
  }
  return await storedModels(modelStore);
}

/** Returns every folder and every archive of the store, by name. */
async function storedModels(
  store: string,
): Promise<readonly ModelReference[]> {
  const names = [];
  for await (const { name } of Deno.readDir(store)) {
    const { isDirectory } = await Deno.stat(join(store, name));
    const isModel = isDirectory || /\.(mar|model|tar\.gz|onnx)$/.test(name);
    if (isModel && !name.startsWith(".")) names.push(name);
  }
  return names.sort().map((url) => ({ name: undefined, url }));
}

function isNowhere(error: unknown, { modelStore }: Settings): boolean {
  return modelStore === undefined && error instanceof MmsError &&
    error.code === "model_not_found";
}

function storeRequired(url: string, cause: unknown): MmsError {
  return new MmsError(
    "invalid_settings",
    `Cannot serve "${url}": it is no file, no folder and no model of the zoo
--model-store is required to load model locally.`,
    { cause },
  );
}

import { handlerRuntime, type ModelArchive } from "../../archive/mod.ts";
import type { ModelMetrics } from "../../metrics.ts";
import { systemClock } from "../clock.ts";
import { limitMemory, resolveLimits } from "../limits.ts";
import type { RegisterOptions, RegistryOptions } from "../options.ts";
import { RegisteredModel } from "./registered_model.ts";
import { workerFactory } from "../pool/worker_factory.ts";

/** What a model is made of. */
export interface ModelParts {
  /** What it is registered as. */
  readonly name: string;
  /** Its files. */
  readonly archive: ModelArchive;
  /** As it is registered. */
  readonly options: RegisterOptions;
  /** Counts what it does. */
  readonly metrics: ModelMetrics | undefined;
  /** What the ids of its workers begin with. */
  readonly prefix: number;
}

/** Makes a model without workers; what it does not say is the registry's. */
export function createModel(
  { name, archive, options, metrics, prefix }: ModelParts,
  registry: RegistryOptions,
): RegisteredModel {
  const handler = options.handler ?? archive.manifest.handler;
  const runtime = options.runtime ??
    handlerRuntime(handler, archive.manifest.runtime);
  const limits = resolveLimits(options, registry.defaults ?? {});
  const isHeldIn = runtime === "deno" && !handler?.startsWith("mms:");
  const common = {
    name,
    archive,
    clock: systemClock,
    runtime,
    limits: isHeldIn ? limitMemory(limits) : limits,
  };
  const model: RegisteredModel = new RegisteredModel({
    ...common,
    registration: options,
    createWorker: workerFactory({
      ...common,
      prefix,
      handler: options.handler,
      mayRunCode: mayRunCode(options, registry),
      service: options.service ?? registry.service ?? "auto",
      onService: (service) => model.serviceIs(service),
      maxResponseBytes: registry.maxResponseSize,
      logsFailures: registry.logsFailures,
      launch: registry.launch,
      cacheFolder: registry.cacheFolder,
      metrics,
    }),
  });
  return model;
}

const REMOTE = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Callers of an open port must not run what they like. */
function mayRunCode(
  { url, loadedAtStartup }: RegisterOptions,
  { codeFromUrls }: RegistryOptions,
): boolean {
  return loadedAtStartup === true || codeFromUrls === true || !REMOTE.test(url);
}

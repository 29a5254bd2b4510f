import type { Settings } from "../../config/mod.ts";
import type { Metrics } from "../../metrics.ts";
import { cacheFolder } from "../../private_folder.ts";
import {
  type ModelLimits,
  type OpenArchive,
  PythonWorkers,
  type RegistryOptions,
  type WorkerLaunch,
} from "../../workload/mod.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** Returns what starts Python services, according to the settings. */
export function pythonWorkers(settings: Settings): PythonWorkers {
  return new PythonWorkers({
    interpreter: settings.python,
    cacheFolder: settings.cacheDir ?? cacheFolder(),
    installsRequirements: settings.installPyDepPerModel,
  });
}

/** Returns what a registry is to be like, according to the settings. */
export function registryOptions(
  settings: Settings,
  { open, python, metrics }: {
    readonly open: OpenArchive;
    readonly python: PythonWorkers;
    readonly metrics: Metrics;
  },
): RegistryOptions {
  return {
    metrics,
    open: withDefaultHandler(open, settings.defaultServiceHandler),
    launch: withSettings(python.beside(), settings),
    service: settings.service,
    // A url that got this far is then among those that they name.
    codeFromUrls: settings.allowedUrls !== undefined,
    cacheFolder: settings.cacheDir ?? cacheFolder(),
    defaults: defaultLimits(settings),
    maxResponseSize: settings.maxResponseSize,
  };
}

function defaultLimits(settings: Settings): Partial<ModelLimits> {
  const { defaultResponseTimeoutSeconds, defaultResponseTimeout } = settings;
  return {
    responseTimeout: defaultResponseTimeoutSeconds >= 0
      ? defaultResponseTimeoutSeconds * SECOND_MS
      : defaultResponseTimeout * MINUTE_MS,
    requestTimeout: settings.requestTimeout * SECOND_MS,
    queueSize: settings.jobQueueSize,
    threads: settings.threads,
    memoryLimit: settings.workerMemoryLimit,
    idleTimeout: settings.idleTimeout * SECOND_MS,
  };
}

function withSettings(launch: WorkerLaunch, settings: Settings): WorkerLaunch {
  const { blacklistEnvVars, decodeInputRequest, tellTracebacks, cacheDir } =
    settings;
  return async (purpose) => {
    const command = await launch(purpose);
    const kept = Object.entries(command.env).filter(([name]) =>
      !blacklistEnvVars?.test(name)
    );
    return {
      ...command,
      env: {
        ...Object.fromEntries(kept),
        MMS_WORKER_NET: settings.serviceNet ?? "",
        MMS_DECODE_INPUT_REQUEST: String(decodeInputRequest),
        MMS_TELL_TRACEBACKS: String(tellTracebacks),
        ...(cacheDir === undefined ? {} : { MMS_CACHE_DIR: cacheDir }),
      },
    };
  };
}

/** Gives a handler to archives that are code without a word on where it begins. */
function withDefaultHandler(
  open: OpenArchive,
  handler: string | undefined,
): OpenArchive {
  if (handler === undefined) return open;
  return async (url, signal) => {
    const opened = await open(url, signal);
    const { archive } = opened;
    if (archive.manifest.handler !== undefined) return opened;
    return {
      archive: { ...archive, manifest: { ...archive.manifest, handler } },
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  };
}

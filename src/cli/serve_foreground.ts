import { banner, type ResolvedSettings, type Settings } from "../config/mod.ts";
import { messageOf, throwIfAborted } from "../errors.ts";
import {
  closeLogs,
  configureLog,
  droppedLogLines,
  logFolders,
  logger,
  metricsLog,
  reopenLogs,
} from "../log.ts";
import { Metrics, type ModelState } from "../metrics.ts";
import type { ModelServer } from "../server/mod.ts";
import { Registry } from "../workload/mod.ts";
import { Exit, EXIT_FAILURE } from "./exit.ts";
import { modelStore, openModels } from "./open_models.ts";
import { ALREADY_RUNNING, PidFile } from "./pid_file.ts";
import { registerModels } from "./serve_models.ts";
import { pythonWorkers, registryOptions } from "./serve_registry.ts";
import type { Security } from "./serve_security.ts";
import { onHangup, stopSignal } from "./stop_signal.ts";
import type { Terminal } from "./terminal.ts";

const log = logger("serve");

/** How a server is run. */
export interface ForegroundOptions {
  /** Where it says that it has started. */
  readonly terminal: Terminal;
  /** The file that says which process serves, if there is to be one. */
  readonly pidFile: string | undefined;
  /** Whether nobody sees its console once it has started. */
  readonly isDetached: boolean;
}

/**
 * Serves until it is told to stop, then answers what it has accepted.
 *
 * @throws {MmsError} `aborted` if the user interrupts; `io_failed` if an
 * address cannot be bound; `invalid_settings` if a model is nowhere to be found
 */
export async function serveForeground(
  resolved: ResolvedSettings,
  options: ForegroundOptions,
): Promise<void> {
  const { terminal, pidFile } = options;
  const { settings } = resolved;
  await using stack = new AsyncDisposableStack();
  if (pidFile !== undefined) stack.use(await claim(pidFile, terminal));
  const serverLog = await startLog(resolved, options);
  stack.defer(closeLogs);
  const stop = stack.use(stopSignal(terminal.signal));
  const store = stack.use(modelStore(settings));
  const metrics = new Metrics({
    mmsLog: metricsLog("mms_metrics"),
    modelLog: metricsLog("model_metrics"),
  });
  const open = openModels(store, settings);
  const python = stack.use(pythonWorkers(settings));
  const registry = new Registry(
    registryOptions(settings, { open, python, metrics }),
  );
  metrics.watch({
    models: () => modelStates(registry),
    droppedLogLines,
  });
  stack.use(metrics.sampleSystem(settings.metricTimeInterval));
  stack.defer(() => registry.close(WORKER_GRACE_MS));
  // Workers take the longest: they begin before HTTP is as much as loaded.
  const started = registerModels(registry, settings);
  // It is awaited once HTTP is there, and may fail before.
  started.catch(() => {});
  const { serverSecurity } = await import("./serve_security.ts");
  const security = await serverSecurity(resolved);
  const server = await startServer(registry, {
    ...{ settings, started, security, metrics },
  });
  stack.use(server);
  stack.use(onHangup(() => refresh(server)));
  await Promise.race([started, stop.asked]);
  const { hello } = await import("./serve_hello.ts");
  terminal.out.write(await hello(server, { registry, security }));
  for (const warning of security.warnings) log.warn("{warning}", { warning });
  if (options.isDetached) serverLog.leaveConsole();
  log.info("{banner}", { banner: banner(resolved).join("\n") });
  await stop.asked;
  await drain(server, { registry, graceMs: settings.drainTimeout * 1000 });
  throwIfAborted(terminal.signal);
}

async function claim(path: string, terminal: Terminal): Promise<PidFile> {
  const pidFile = await PidFile.claim(path);
  if (pidFile !== undefined) return pidFile;
  terminal.out.write(ALREADY_RUNNING);
  throw new Exit(EXIT_FAILURE);
}

/** The log of a server that may leave its console. */
interface ServerLog {
  /** Writes nothing more to the console. */
  readonly leaveConsole: () => void;
}

async function startLog(
  { settings, configFile, warnings }: ResolvedSettings,
  { terminal, isDetached }: ForegroundOptions,
): Promise<ServerLog> {
  let isQuiet = false;
  const parting = {
    color: false,
    write: (text: string) => isQuiet ? undefined : terminal.err.write(text),
  };
  await configureLog({
    level: settings.logLevel,
    format: settings.logFormat,
    console: isDetached ? parting : "stderr",
    files: logFolders({
      logLocation: settings.logLocation ?? Deno.env.get("LOG_LOCATION"),
      metricsLocation: settings.metricsLocation ??
        Deno.env.get("METRICS_LOCATION"),
      isExpected: configFile !== undefined || isDetached,
    }),
  });
  for (const warning of warnings) log.warn("{warning}", { warning });
  return { leaveConsole: () => isQuiet = true };
}

function modelStates(registry: Registry): readonly ModelState[] {
  return registry.list().map((model) => ({
    name: model.name,
    queueLength: model.queueLength,
    workers: model.describe().workers,
  }));
}

async function startServer(
  registry: Registry,
  { settings, started, security, metrics }: {
    readonly settings: Settings;
    readonly started: Promise<void>;
    readonly security: Security;
    readonly metrics: Metrics;
  },
): Promise<ModelServer> {
  const { ModelServer } = await import("../server/mod.ts");
  return await ModelServer.start({
    ...settings,
    ...security,
    registry,
    started,
    metrics,
    cors: {
      allowedOrigin: settings.corsAllowedOrigin,
      allowedMethods: settings.corsAllowedMethods,
      allowedHeaders: settings.corsAllowedHeaders,
    },
    defaultWorkers: settings.defaultWorkersPerModel,
    unregisterTimeout: settings.unregisterModelTimeout * 1000,
  });
}

/** Takes up what may have changed outside: moved log files, a renewed certificate. */
async function refresh(server: ModelServer): Promise<void> {
  await reopenLogs();
  try {
    await server.reloadCertificate();
    log.info("Log files are open anew, and the certificate is read again.");
  } catch (error) {
    log.error("{why}", { why: messageOf(error) });
  }
}

/** Workers get a moment more than callers, or they would look as if they hung. */
const WORKER_GRACE_MS = 1000;

async function drain(
  server: ModelServer,
  { registry, graceMs }: {
    readonly registry: Registry;
    readonly graceMs: number;
  },
): Promise<void> {
  const end = performance.now() + graceMs;
  await server.close(graceMs);
  const left = end - performance.now();
  await registry.close(Math.max(left, 0) + WORKER_GRACE_MS);
  log.info("Model server stopped.");
}

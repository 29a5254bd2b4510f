import {
  banner,
  type ResolvedSettings,
  type Settings,
} from "../../config/mod.ts";
import { throwIfAborted } from "../../errors.ts";
import { closeLogs, logger } from "../../log.ts";
import type { ModelServer } from "../../server/mod.ts";
import { VERSION } from "../../version.ts";
import { Exit, EXIT_FAILURE } from "../exit.ts";
import { ModelJournal } from "./model_journal.ts";
import { alreadyRunning, PidFile } from "./pid_file.ts";
import { requireOne } from "./serve_named.ts";
import { type ServerLog, startLog } from "./serve_log.ts";
import {
  startWorkload,
  WORKER_GRACE_MS,
  type Workload,
} from "./serve_workload.ts";
import { onHangup, stopSignal } from "./stop_signal.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** How a server is run. */
export interface ForegroundOptions {
  /** Where it says that it has started. */
  readonly terminal: Terminal;
  /** What the user has called. */
  readonly command: string;
  /** Whether that is an old name: it then starts with whatever can be loaded. */
  readonly isOriginal: boolean;
  /** The file that says which process serves, if there is to be one. */
  readonly pidFile: string | undefined;
  /** Whether nobody sees its console once it has started. */
  readonly isDetached: boolean;
  /** Whether models are read again when their files change. */
  readonly isWatching: boolean;
}

const log = logger("serve");

/**
 * Serves until it is told to stop, then answers what it has accepted.
 *
 * @throws {MmsError} `aborted` if the user interrupts; `io_failed` if an
 * address cannot be bound; `invalid_settings` if a model is nowhere to be
 * found; `load_failed` if none of those that were named can be loaded
 */
export async function serveForeground(
  resolved: ResolvedSettings,
  options: ForegroundOptions,
): Promise<void> {
  const { terminal, pidFile } = options;
  await using stack = new AsyncDisposableStack();
  if (pidFile !== undefined) stack.use(await claim(pidFile, options));
  const serverLog = await startLog(resolved, options);
  stack.defer(closeLogs);
  const stop = stack.use(stopSignal(terminal.signal));
  // Workers take the longest: they begin before HTTP is as much as loaded.
  const journal = await ModelJournal.open(resolved.settings);
  const workload = stack.use(
    startWorkload(resolved.settings, { ...options, journal }),
  );
  const { refresh, startServer } = await import("./serve_http.ts");
  const { server, security } = await startServer(workload, resolved);
  stack.use(server);
  const { settings } = resolved;
  stack.use(onHangup(() => refresh(server, { ...workload, settings })));
  if (options.isWatching) stack.use(await watchFiles(workload, settings));
  const ready = workload.started.then(() =>
    options.isOriginal ? undefined : requireOne(workload, resolved)
  );
  await Promise.race([ready, stop.asked]);
  const { hello } = await import("./serve_hello.ts");
  terminal.out.write(await hello(server, { ...workload, security }));
  for (const warning of security.warnings) log.warn("{warning}", { warning });
  if (options.isDetached) serverLog.leaveConsole();
  logBanner(resolved, serverLog);
  stack.use(workload.metrics.sampleSystem(settings.metricTimeInterval));
  await stop.asked;
  await drain(server, { ...workload, graceMs: settings.drainTimeout * 1000 });
  throwIfAborted(terminal.signal);
}

async function watchFiles(
  { registry, journal, started }: Workload,
  settings: Settings,
): Promise<Disposable> {
  const { watchModels } = await import("./watch_models.ts");
  const { refreshModels } = await import("./serve_models.ts");
  return await watchModels(settings, async () => {
    await started;
    await refreshModels(registry, { settings, journal });
  });
}

/**
 * Tells the log what runs where. The folders of the log are told as they are,
 * whoever has chosen them.
 */
function logBanner(resolved: ResolvedSettings, { folders }: ServerLog): void {
  const settings = {
    ...resolved.settings,
    logLocation: folders?.logs,
    metricsLocation: folders?.metrics,
  };
  const lines = [
    `mms ${VERSION}`,
    `Current directory: ${Deno.cwd()}`,
    `Number of CPUs: ${navigator.hardwareConcurrency}`,
    ...banner({ ...resolved, settings }),
  ];
  log.info("{banner}", { banner: lines.join("\n") });
}

async function claim(
  path: string,
  { terminal, command }: ForegroundOptions,
): Promise<PidFile> {
  const pidFile = await PidFile.claim(path);
  if (pidFile !== undefined) return pidFile;
  terminal.out.write(alreadyRunning(command));
  throw new Exit(EXIT_FAILURE);
}

async function drain(
  server: ModelServer,
  { registry, graceMs }: Pick<Workload, "registry"> & {
    readonly graceMs: number;
  },
): Promise<void> {
  const end = performance.now() + graceMs;
  await server.close(graceMs);
  const left = end - performance.now();
  await registry.close(Math.max(left, 0) + WORKER_GRACE_MS);
  log.info("Model server stopped.");
}

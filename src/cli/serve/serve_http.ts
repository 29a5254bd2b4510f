import type { ResolvedSettings, Settings } from "../../config/mod.ts";
import { messageOf } from "../../errors.ts";
import { logger, reopenLogs } from "../../log.ts";
import { ModelServer } from "../../server/mod.ts";
import { defaultPidFile, readPidFile } from "./pid_file.ts";
import { refreshModels } from "./serve_models.ts";
import { type Security, serverSecurity } from "./serve_security.ts";
import type { Workload } from "./serve_workload.ts";

/** A server that answers, and whom it trusts. */
export interface StartedServer {
  readonly server: ModelServer;
  readonly security: Security;
}

/**
 * Binds the addresses, and begins to answer.
 *
 * @throws {MmsError} `io_failed` if an address cannot be bound;
 * `invalid_settings` if a token or a certificate cannot be had
 */
export async function startServer(
  { registry, started, metrics, journal }: Workload,
  resolved: ResolvedSettings,
): Promise<StartedServer> {
  const { settings } = resolved;
  const security = await serverSecurity(resolved);
  const server = await ModelServer.start({
    ...settings,
    ...security,
    registry,
    started,
    metrics,
    journal,
    cors: {
      allowedOrigin: settings.corsAllowedOrigin,
      allowedMethods: settings.corsAllowedMethods,
      allowedHeaders: settings.corsAllowedHeaders,
    },
    defaultWorkers: settings.defaultWorkersPerModel,
    backgroundPid: () => backgroundPid(settings),
    maxWorkers: Math.max(
      settings.maxWorkersPerModel,
      settings.defaultWorkersPerModel,
    ),
    unregisterTimeout: settings.unregisterModelTimeout * 1000,
  });
  return { server, security };
}

/** Returns the process id of the server in the background, if there is one. */
async function backgroundPid(
  { pidFile }: Settings,
): Promise<number | undefined> {
  const found = await readPidFile(pidFile ?? await defaultPidFile());
  return found.state === "running" ? found.pid : undefined;
}

/**
 * Takes up what may have changed outside: moved log files, a renewed
 * certificate, models.
 */
export async function refresh(
  server: ModelServer,
  { registry, journal, settings }: Pick<Workload, "registry" | "journal"> & {
    readonly settings: Settings;
  },
): Promise<void> {
  await reopenLogs();
  await attempt(() => server.reloadCertificate());
  await attempt(() => refreshModels(registry, { settings, journal }));
  logger("serve").info(
    "Logs are open anew, certificate and models read again.",
  );
}

/** What has become bad outside is no reason to end: the log gets it. */
async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    logger("serve").error("{why}", { why: messageOf(error) });
  }
}

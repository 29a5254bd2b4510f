import type { ResolvedSettings } from "../config/mod.ts";
import { messageOf } from "../errors.ts";
import { logger, reopenLogs } from "../log.ts";
import { ModelServer } from "../server/mod.ts";
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
  { registry, started, metrics }: Workload,
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
    cors: {
      allowedOrigin: settings.corsAllowedOrigin,
      allowedMethods: settings.corsAllowedMethods,
      allowedHeaders: settings.corsAllowedHeaders,
    },
    defaultWorkers: settings.defaultWorkersPerModel,
    unregisterTimeout: settings.unregisterModelTimeout * 1000,
  });
  return { server, security };
}

/** Takes up what may have changed outside: moved log files, a renewed certificate. */
export async function refresh(server: ModelServer): Promise<void> {
  const log = logger("serve");
  await reopenLogs();
  try {
    await server.reloadCertificate();
    log.info("Log files are open anew, and the certificate is read again.");
  } catch (error) {
    log.error("{why}", { why: messageOf(error) });
  }
}

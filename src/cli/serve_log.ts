import type { ResolvedSettings } from "../config/mod.ts";
import { configureLog, logFolders, logger } from "../log.ts";
import type { Terminal } from "./terminal.ts";

/** The log of a server that may leave its console. */
export interface ServerLog {
  /** Writes nothing more to the console. */
  readonly leaveConsole: () => void;
}

/** Sends all that is logged where the settings say, and what is odd about them first. */
export async function startLog(
  { settings, configFile, warnings }: ResolvedSettings,
  { terminal, isDetached }: {
    readonly terminal: Terminal;
    readonly isDetached: boolean;
  },
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
  const log = logger("serve");
  for (const warning of warnings) log.warn("{warning}", { warning });
  return { leaveConsole: () => isQuiet = true };
}

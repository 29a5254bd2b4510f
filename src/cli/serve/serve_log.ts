import {
  type ResolvedSettings,
  type Setting,
  SETTING_KEYS,
  SETTINGS,
  type Settings,
} from "../../config/mod.ts";
import {
  configureLog,
  hideSecrets,
  type LogFolders,
  logFolders,
  logger,
} from "../../log.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** The log of a server that may leave its console. */
export interface ServerLog {
  /** Where its files are, if there are any. */
  readonly folders: LogFolders | undefined;
  /** Writes nothing more to the console. */
  readonly leaveConsole: () => void;
}

/** Sends all that is logged where the settings say, and what is odd about them first. */
export async function startLog(
  { settings, configFile, warnings }: ResolvedSettings,
  { terminal, isDetached, isOriginal }: {
    readonly terminal: Terminal;
    readonly isDetached: boolean;
    /** Whether it was called by an old name, and writes its files in any case. */
    readonly isOriginal: boolean;
  },
): Promise<ServerLog> {
  let isQuiet = false;
  const parting = {
    color: false,
    write: (text: string) => isQuiet ? undefined : terminal.err.write(text),
  };
  const folders = logFolders({
    logLocation: settings.logLocation ?? Deno.env.get("LOG_LOCATION"),
    metricsLocation: settings.metricsLocation ??
      Deno.env.get("METRICS_LOCATION"),
    isExpected: configFile !== undefined || isDetached || isOriginal,
  });
  hideSecrets(secrets(settings));
  await configureLog({
    level: settings.logLevel,
    format: settings.logFormat,
    console: isDetached ? parting : "stderr",
    files: folders,
  });
  const log = logger("serve");
  for (const warning of warnings) log.warn("{warning}", { warning });
  return { folders, leaveConsole: () => isQuiet = true };
}

/** Variables of others that hold secrets, which messages of theirs may repeat. */
const SECRET_VARIABLES = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** What everybody knows is no secret: the defaults are in the documents. */
function secrets(settings: Settings): readonly string[] {
  const own = SETTING_KEYS.filter((key) => {
    const { secret, default: initial }: Setting<unknown> = SETTINGS[key];
    return secret && settings[key] !== initial;
  }).map((key) => settings[key]);
  const others = SECRET_VARIABLES.map((name) => Deno.env.get(name));
  return [...own, ...others].filter((value) => typeof value === "string");
}

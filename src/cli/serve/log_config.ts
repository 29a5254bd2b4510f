import type { ResolvedSettings } from "../../config/mod.ts";
import { MmsError, systemError } from "../../errors.ts";
import { LOG_LEVELS, type LogLevel } from "../../log.ts";

const MAX_BYTES = 1 << 20;

/**
 * Takes from a configuration of log4j what there is here as well: the level of
 * the original's own logger, or else that of all, unless the settings name one.
 * A warning says so.
 *
 * @throws {MmsError} `io_failed` if the file cannot be read
 */
export async function withLogConfig(
  resolved: ResolvedSettings,
  file: string,
): Promise<ResolvedSettings> {
  const level = log4jLevel(await readText(file));
  const counts = level !== undefined && resolved.origins.logLevel === "default";
  const { settings, warnings } = resolved;
  const what = counts
    ? `only its level, ${level}, counts here`
    : "it has no effect here";
  const warning =
    `--log-config ${file}: ${what}, --log-level, --log-format, --log-location and --metrics-location replace it`;
  return {
    ...resolved,
    settings: counts ? { ...settings, logLevel: level } : settings,
    warnings: [...warnings, warning],
  };
}

/** Where log4j's files name a level, the best place first. */
const LEVELS: readonly RegExp[] = [
  /<(?:Async)?Logger\b[^>]*\bname="com\.amazonaws\.ml\.mms"[^>]*\blevel="(\w+)"/i,
  /^\s*log4j\.logger\.com\.amazonaws\.ml\.mms\s*[=:]\s*(\w+)/m,
  /<(?:Async)?Root\b[^>]*\blevel="(\w+)"/i,
  /^\s*log4j\.rootLogger\s*[=:]\s*(\w+)/m,
  /^\s*rootLogger\.level\s*[=:]\s*(\w+)/m,
];

/** What log4j calls levels that have another name here. */
const OTHER_NAMES: Readonly<Record<string, LogLevel>> = {
  all: "trace",
  warn: "warning",
  off: "fatal",
};

function log4jLevel(text: string): LogLevel | undefined {
  for (const pattern of LEVELS) {
    const name = pattern.exec(text)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    return LOG_LEVELS.find((level) => level === name) ?? OTHER_NAMES[name];
  }
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await Deno.stat(file);
    if (size <= MAX_BYTES) return await Deno.readTextFile(file);
  } catch (error) {
    throw systemError(`Cannot read "${file}"`, error);
  }
  throw new MmsError(
    "invalid_settings",
    `Cannot read "${file}": it has more than ${MAX_BYTES} bytes, a configuration of log4j has fewer`,
  );
}

import { type ErrorCode, MmsError } from "../errors.ts";
import { MEANINGLESS_KEYS } from "./meaningless.ts";
import type { Kind } from "./kinds.ts";
import { fileKey, variableName } from "./names.ts";
import { oddKeys, oddVariables } from "./odd_sources.ts";
import {
  type Environment,
  findConfigFile,
  type Properties,
  readProperties,
} from "./properties.ts";
import type { Setting } from "./setting.ts";
import {
  SETTING_KEYS,
  type SettingKey,
  SETTINGS,
  type Settings,
} from "./settings.ts";

/** One flag of a command line. */
export interface FlagText {
  /** As it was typed, such as `--workers`. */
  readonly flag: string;
  /** Its value. */
  readonly text: string;
}

/** Where settings are taken from. */
export interface SettingSources {
  /** What the command line gave, by key. */
  readonly flags: Readonly<Partial<Record<SettingKey, FlagText>>>;
  /** The configuration file that the command line names, or `sagemaker`. */
  readonly configFile?: string | undefined;
  /** The environment of the process. */
  readonly environment: Environment;
}

/** What the sources come to. */
export interface ResolvedSettings {
  /** The values. */
  readonly settings: Settings;
  /** Where each value came from, in words. */
  readonly origins: Readonly<Record<SettingKey, string>>;
  /** The configuration file in use. */
  readonly configFile: string | undefined;
  /** Whether the file was written for the original: it has keys that mean nothing here. */
  readonly isOriginalFile: boolean;
  /** What is odd about the file and the variables, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Resolves every setting: flags beat the file, which beats the defaults.
 * Variables beat all of them if `enable_envvars_config` is true, come between
 * flags and defaults if there is no file, and do not count otherwise, secrets
 * excepted.
 *
 * @throws {MmsError} `usage` if a flag breaks its setting's rule,
 * `invalid_settings` if another value does, or a file that was named does not
 * exist; `io_failed` if it cannot be read
 */
export async function resolveSettings(
  sources: SettingSources,
): Promise<ResolvedSettings> {
  const file = await readConfigFile(sources);
  const read = rankSources(sources, file);
  const found = SETTING_KEYS.map((key) => [key, read(key)] as const);
  const values = found.map(([key, text]) => [key, parseText(key, text)]);
  const origins = found.map(([key, { origin }]) => [key, origin]);
  // Each value was parsed by the kind that the table gives for its key.
  const settings = Object.freeze(Object.fromEntries(values)) as Settings;
  return {
    settings,
    origins: Object.fromEntries(origins) as Record<SettingKey, string>,
    configFile: file?.name,
    isOriginalFile: [...file?.values.keys() ?? []].some((key) =>
      MEANINGLESS_KEYS.has(key)
    ),
    warnings: [
      ...oddKeys(file),
      ...oddVariables(sources.environment, { file, settings }),
    ],
  };
}

async function readConfigFile(
  sources: SettingSources,
): Promise<Properties | undefined> {
  const file = await findConfigFile(sources);
  return file === undefined
    ? undefined
    : await readProperties(file, sources.environment);
}

/** The text of a value before it is read, `undefined` for no value. */
interface FoundText {
  readonly text: string | undefined;
  readonly origin: string;
  readonly isFlag?: true;
}

function rankSources(
  sources: SettingSources,
  file: Properties | undefined,
): (key: SettingKey) => FoundText {
  const inFlags = (key: SettingKey) => flagText(sources.flags[key]);
  const inFile = (key: SettingKey) =>
    foundText(file?.values.get(fileKey(key)), file?.name ?? "");
  const inVariables = (key: SettingKey) =>
    foundText(sources.environment[variableName(key)], variableName(key));
  const toggle = inFlags("enableEnvvarsConfig") ??
    inFile("enableEnvvarsConfig");
  const variablesFirst = toggle !== undefined &&
    parseText("enableEnvvarsConfig", toggle) === true;
  return (key) => {
    const setting: Setting<unknown> = SETTINGS[key];
    const first = (variablesFirst || setting.secret) &&
      key !== "enableEnvvarsConfig";
    return (first ? inVariables(key) : undefined) ?? inFlags(key) ??
      inFile(key) ?? (file === undefined ? inVariables(key) : undefined) ??
      { text: setting.default, origin: "default" };
  };
}

function foundText(
  text: string | undefined,
  origin: string,
): FoundText | undefined {
  return text === undefined ? undefined : { text, origin };
}

function flagText(given: FlagText | undefined): FoundText | undefined {
  return given && { text: given.text, origin: given.flag, isFlag: true };
}

function parseText(
  key: SettingKey,
  { text, origin, isFlag }: FoundText,
): unknown {
  const { kind, default: initial }: Setting<unknown> = SETTINGS[key];
  if (text === undefined || (text === "" && initial === undefined)) {
    return undefined;
  }
  const where = isFlag ? origin : `${fileKey(key)} (${origin})`;
  // A command line is the user's own: what is wrong there is wrong usage.
  const code = isFlag ? "usage" : "invalid_settings";
  const value = parseAs(kind, text, { where, code });
  if (value !== undefined) return value;
  const message = isFlag
    ? `Cannot use "${text}" as ${where}: it must be ${kind.rule}`
    : `Invalid configuration: For input string: "${text}": ${where} must be ${kind.rule}`;
  throw new MmsError(code, message);
}

/** Adds to what a kind has to say about a text where that stands, and the rule. */
function parseAs(
  kind: Kind<unknown>,
  text: string,
  { where, code }: {
    readonly where: string;
    readonly code: ErrorCode;
  },
): unknown {
  try {
    return kind.parse(text);
  } catch (cause) {
    if (!(cause instanceof MmsError)) throw cause;
    const message = `${cause.message}: ${where} must be ${kind.rule}`;
    throw new MmsError(code, message, { cause });
  }
}

import { nearestName } from "../nearest_name.ts";
import { MEANINGLESS_KEYS } from "./meaningless.ts";
import { fileKey, variableName } from "./names.ts";
import type { Environment, Properties } from "./properties.ts";
import type { Setting } from "./setting.ts";
import { SETTING_KEYS, SETTINGS, type Settings } from "./settings.ts";

const FILE_KEYS: ReadonlySet<string> = new Set(SETTING_KEYS.map(fileKey));

/** Such as preload_model=false, which the original's own files have. */
const ASKS_FOR_NOTHING = /^(false|0|)$/i;

/** Tells of the keys of a file that have no effect, a line each. */
export function* oddKeys(file: Properties | undefined): Iterable<string> {
  for (const [key, text] of file?.values ?? []) {
    if (FILE_KEYS.has(key)) continue;
    const reason = MEANINGLESS_KEYS.get(key);
    if (reason === undefined) {
      yield `${file?.name}: ${noSetting(key, nearestName(key, FILE_KEYS))}`;
    } else if (!ASKS_FOR_NOTHING.test(text)) {
      yield `${file?.name}: ${key} means nothing here, ${reason}`;
    }
  }
}

const PREFIX = "MMS_";
const VARIABLES = new Map(SETTING_KEYS.map((key) => [variableName(key), key]));
/** Variables that are no settings. */
const OTHERS: ReadonlySet<string> = new Set(["MMS_CONFIG_FILE"]);

/**
 * Tells of the variables that have no effect, a line each: those that a file
 * does not let count, and those that look like misspelt settings.
 */
export function* oddVariables(
  environment: Environment,
  { file, settings }: {
    readonly file: Properties | undefined;
    readonly settings: Settings;
  },
): Iterable<string> {
  const doCount = file === undefined || settings.enableEnvvarsConfig;
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || OTHERS.has(name)) continue;
    const key = VARIABLES.get(name);
    const asKey = name.slice(PREFIX.length).toLowerCase();
    if (MEANINGLESS_KEYS.has(asKey)) continue;
    if (key === undefined) {
      const nearest = nearestName(asKey, FILE_KEYS);
      if (nearest === undefined) continue;
      yield noSetting(name, `${PREFIX}${nearest.toUpperCase()}`);
    } else if (!doCount && !isSecret(SETTINGS[key])) {
      yield `${file.name}: ${name} has no effect beside this file, enable_envvars_config=true in it would give it one`;
    }
  }
}

function isSecret({ secret }: Setting<unknown>): boolean {
  return secret === true;
}

function noSetting(name: string, nearest: string | undefined): string {
  const hint = nearest === undefined ? "" : `, did you mean ${nearest}`;
  return `there is no setting ${name}${hint}`;
}

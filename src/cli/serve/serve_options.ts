import {
  flagName,
  type FlagText,
  type Setting,
  SETTING_KEYS,
  type SettingKey,
  SETTINGS,
} from "../../config/mod.ts";
import { Option } from "../command.ts";
import { wrap } from "../terminal/wrap.ts";

/** The keys of the settings that may stand on a command line: secrets are seen there. */
const FLAG_KEYS = SETTING_KEYS.filter((key) => !settingOf(key).secret);

/** Returns the options of all settings; {@linkcode settingsHelp} tells of them. */
export function settingOptions(): readonly Option[] {
  return FLAG_KEYS.flatMap((key) => {
    const { kind, shortFlag } = settingOf(key);
    const names = shortFlag === undefined
      ? [flagName(key)]
      : [flagName(key), `--${shortFlag}`];
    return names.map((name) => {
      const option = new Option(`${name} ${valueTerm(key)}`).hideHelp();
      return kind.placeholder === "" ? option.preset("true") : option;
    });
  });
}

/** Returns the settings that a command line has, as its flags were typed. */
export function settingFlags(
  flags: Readonly<Record<string, unknown>>,
): Partial<Record<SettingKey, FlagText>> {
  const given = FLAG_KEYS.flatMap((key) => {
    const { shortFlag } = settingOf(key);
    const name = [shortFlag, key].find((name) =>
      name !== undefined && flags[name] !== undefined
    );
    if (name === undefined) return [];
    // The options above take one text, or several in an array.
    const text = [flags[name]].flat().join(",");
    return [[key, { flag: flagName(name), text }]];
  });
  return Object.fromEntries(given);
}

/** Returns the help of all settings: flags, and below each what it does. */
export function settingsHelp(columns: number): string {
  const groups = Map.groupBy(FLAG_KEYS, (key) => settingOf(key).group);
  return [...groups].map(([group, keys]) =>
    `\n${group}:\n${keys.map((key) => settingHelp(key, columns)).join("")}`
  ).join("");
}

const INDENT = "      ";

function settingHelp(key: SettingKey, columns: number): string {
  const { shortFlag, help, default: initial } = settingOf(key);
  const name = shortFlag === undefined ? flagName(key) : `--${shortFlag}`;
  const standard = initial ? ` (${initial})` : "";
  const lines = wrap(`${help}${standard}`, columns - INDENT.length);
  const text = lines.map((line) => `${INDENT}${line}\n`).join("");
  return `  ${name} ${valueTerm(key)}\n${text}`;
}

function valueTerm(key: SettingKey): string {
  const { kind } = settingOf(key);
  if (kind.placeholder === "") return "[true|false]";
  const several = key === "loadModels" ? "..." : "";
  return `<${kind.placeholder.toLowerCase()}${several}>`;
}

function settingOf(key: SettingKey): Setting<unknown> {
  return SETTINGS[key];
}

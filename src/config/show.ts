import { fileKey, flagName, variableName } from "./names.ts";
import type { ResolvedSettings } from "./resolve.ts";
import type { Setting } from "./setting.ts";
import { SETTING_KEYS, type SettingKey, SETTINGS } from "./settings.ts";

/** What stands for a secret wherever settings are shown. */
const CONCEALED = "***";

/** Returns every setting as `key=value`, with where it came from as a comment. */
export function printSettings(resolved: ResolvedSettings): string {
  const pairs = SETTING_KEYS.map((key) =>
    `${fileKey(key)}=${show(key, resolved)}`
  );
  const width = Math.min(60, Math.max(...pairs.map((pair) => pair.length)));
  return SETTING_KEYS.map((key, index) =>
    `${pairs[index]!.padEnd(width)}  # ${resolved.origins[key]}\n`
  ).join("");
}

/** Returns the lines that tell how a server is set up, as it starts. */
export function banner(resolved: ResolvedSettings): readonly string[] {
  const lines = SETTING_KEYS.flatMap((key) => {
    const { banner, unset = "N/A" }: Setting<unknown> = SETTINGS[key];
    return banner === undefined
      ? []
      : [`${banner}: ${show(key, resolved) || unset}`];
  });
  return [`Config file: ${resolved.configFile ?? "N/A"}`, ...lines];
}

/** Returns the table of all settings for the documents, in Markdown. */
export function settingsTable(): string {
  const rows = SETTING_KEYS.map((key) => {
    const { secret, default: initial, help }: Setting<unknown> = SETTINGS[key];
    const cells = [
      code(fileKey(key)),
      secret ? "" : code(flagName(key)),
      code(variableName(key)),
      initial ? code(initial) : "",
      help,
    ];
    return `| ${cells.join(" | ")} |\n`;
  });
  return "| key | flag | variable | default | meaning |\n" +
    "| --- | --- | --- | --- | --- |\n" + rows.join("");
}

function code(text: string): string {
  return `\`${text}\``;
}

function show(key: SettingKey, { settings }: ResolvedSettings): string {
  const { kind, secret }: Setting<unknown> = SETTINGS[key];
  const value = settings[key];
  if (value === undefined) return "";
  return secret ? CONCEALED : kind.show(value);
}

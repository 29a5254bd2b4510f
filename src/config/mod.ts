/**
 * Everything that can be configured, from one table.
 *
 * @module
 */

export { type Address, formatAddress } from "./address.ts";
export type { Kind } from "./kinds.ts";
export type { ModelReference, ModelSelection } from "./models.ts";
export { nearestName } from "../nearest_name.ts";
export { fileKey, flagName, variableName } from "./names.ts";
export type { Environment } from "./properties.ts";
export {
  type FlagText,
  type ResolvedSettings,
  resolveSettings,
  type SettingSources,
} from "./resolve.ts";
export type { Setting, SettingGroup, SettingText } from "./setting.ts";
export {
  SETTING_KEYS,
  type SettingKey,
  SETTINGS,
  type Settings,
} from "./settings.ts";
export { banner, printSettings, settingsTable } from "./show.ts";

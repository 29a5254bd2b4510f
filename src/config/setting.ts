import type { Kind } from "./kinds.ts";

/** The headings that settings stand under in help and in documents. */
export type SettingGroup =
  | "Models"
  | "Workers"
  | "Listening"
  | "Requests"
  | "Security"
  | "Logs"
  | "Process";

/** What is said of a setting. */
export interface SettingText {
  /** Where it is listed. */
  readonly group: SettingGroup;
  /** What it does, and how to choose a value. */
  readonly help: string;
  /** A shorter flag beside the one made of its name, such as `--workers`. */
  readonly shortFlag?: string;
  /** How the start-up banner calls it; it is left out there otherwise. */
  readonly banner?: string;
  /** What the banner says where it has no value; `N/A` otherwise. */
  readonly unset?: string;
  /** Whether its value is never shown, and never taken from a flag. */
  readonly secret?: true;
}

/** All that is known of one setting besides its name. */
export interface Setting<T> extends SettingText {
  /** How its value is read and written. */
  readonly kind: Kind<NonNullable<T>>;
  /** The text of its value where nobody sets it; `undefined` for no value. */
  readonly default: string | undefined;
}

/** Makes a setting that always has a value. */
export function setting<T>(
  kind: Kind<NonNullable<T>>,
  initial: string,
  about: SettingText,
): Setting<T> {
  return { kind, default: initial, ...about };
}

/** Makes a setting that has no value unless it is given one. */
export function optional<T>(
  kind: Kind<NonNullable<T>>,
  about: SettingText,
): Setting<T | undefined> {
  return {
    kind: kind as Kind<NonNullable<T | undefined>>,
    default: undefined,
    ...about,
  };
}

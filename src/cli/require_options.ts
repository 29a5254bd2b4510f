import type { Command } from "./command.ts";

/**
 * Ends the command where one of these options is not given. Commander's own
 * check comes before that of unknown options, and a misspelt name is both.
 *
 * @param flags as they are written, such as `--model-name <name>`
 * @throws {CommanderError} once the user was told
 */
export function requireOptions(
  command: Command,
  flags: readonly string[],
): void {
  const missing = command.options.find((option) =>
    flags.includes(option.flags) &&
    command.getOptionValue(option.attributeName()) === undefined
  );
  if (missing === undefined) return;
  command.error(`error: required option '${missing.flags}' not specified`);
}

import { getProperties } from "properties-file";
import { messageOf, MmsError } from "../errors.ts";
import { SAGEMAKER_PROPERTIES } from "./sagemaker.ts";

/** The pairs of one configuration file, placeholders replaced. */
export interface Properties {
  /** How people call the file. */
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** The environment of a process, by name. */
export type Environment = Readonly<Record<string, string>>;

/**
 * Returns the file to read settings from: `MMS_CONFIG_FILE`, which beats the
 * command line in the original too, what the command line names, or
 * `config.properties` in the working directory if it is there.
 */
export async function findConfigFile(
  sources: {
    readonly configFile?: string | undefined;
    readonly environment: Environment;
  },
): Promise<string | undefined> {
  const named = sources.environment["MMS_CONFIG_FILE"] || sources.configFile;
  if (named !== undefined) return named;
  return await isFile(DEFAULT_FILE) ? DEFAULT_FILE : undefined;
}

const DEFAULT_FILE = "config.properties";

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const MAX_FILE_BYTES = 1 << 20;

/**
 * Reads a `.properties` file, or the built-in one called `sagemaker`.
 *
 * @throws {MmsError} `invalid_settings` if there is no such file, or a
 * placeholder names a variable that is not set; `io_failed` if it cannot be read
 */
export async function readProperties(
  file: string,
  environment: Environment,
): Promise<Properties> {
  const content = file === "sagemaker"
    ? SAGEMAKER_PROPERTIES
    : await readText(file);
  const values = Object.entries(getProperties(content)).map((
    [key, value],
  ) => [key, fillPlaceholders(value.trim(), environment)] as const);
  return { name: file, values: new Map(values) };
}

async function readText(file: string): Promise<string> {
  try {
    const { size, isDirectory } = await Deno.stat(file);
    if (isDirectory) {
      throw new MmsError(
        "invalid_settings",
        `Cannot read "${file}": it is a folder, a configuration file would be right`,
      );
    }
    if (size > MAX_FILE_BYTES) {
      throw new MmsError(
        "invalid_settings",
        `Cannot read "${file}": it has ${size} bytes, at most ${MAX_FILE_BYTES} are right`,
      );
    }
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof MmsError) throw error;
    if (error instanceof Deno.errors.NotFound) {
      throw new MmsError(
        "invalid_settings",
        `--mms-config file not found: ${file}`,
      );
    }
    throw new MmsError(
      "io_failed",
      `Cannot read "${file}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}

// The original's own expression: a name has two characters or more.
const PLACEHOLDER = /\$\$([^$]+[^$])\$\$/g;

function fillPlaceholders(value: string, environment: Environment): string {
  return value.replace(PLACEHOLDER, (_, name: string) => {
    const replacement = environment[name];
    if (replacement !== undefined) return replacement;
    throw new MmsError(
      "invalid_settings",
      `Invalid configuration: Invalid Environment Variable ${name}`,
    );
  });
}

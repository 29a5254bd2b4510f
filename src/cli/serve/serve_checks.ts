import { resolve } from "node:path";
import type { ResolvedSettings } from "../../config/mod.ts";
import { MmsError, systemError } from "../../errors.ts";

/**
 * Looks for the files that the original looks for before it starts, and misses
 * them in its words.
 *
 * @throws {MmsError} `invalid_settings` if one is not there
 */
export async function checkFiles(
  { logConfig }: {
    /** What `--log-config` names. */
    readonly logConfig?: string;
  },
): Promise<void> {
  if (logConfig !== undefined && !await exists(logConfig, "file")) {
    throw new MmsError(
      "invalid_settings",
      `--log-config file not found: ${resolve(logConfig)}`,
    );
  }
  const temp = Deno.env.get("TEMP");
  if (temp && !await exists(temp, "directory")) {
    throw new MmsError(
      "invalid_settings",
      `Invalid temp directory: ${temp}, please check TEMP environment variable.`,
    );
  }
}

/**
 * Looks for the model store. The original starts without one that its file
 * names: a volume may come later.
 *
 * @throws {MmsError} `invalid_settings` if it is missing, or no folder;
 * `io_failed` if this user may not look
 */
export async function checkStore(
  { settings: { modelStore }, origins }: ResolvedSettings,
  { isOriginal }: {
    /** Whether the server was called by an old name. */
    readonly isOriginal: boolean;
  },
): Promise<void> {
  if (modelStore === undefined || await exists(modelStore, "directory")) return;
  if (await exists(modelStore, "file")) {
    throw new MmsError(
      "invalid_settings",
      `Cannot use model store "${modelStore}": it is a file, a folder would be right`,
    );
  }
  const origin = origins.modelStore;
  const isFlag = origin.startsWith("--");
  if (isOriginal && !isFlag) return;
  throw new MmsError(
    "invalid_settings",
    isFlag
      ? `--model-store directory not found: ${modelStore}`
      : `Cannot use model_store "${modelStore}" (${origin}): there is no such folder`,
  );
}

async function exists(
  path: string,
  kind: "file" | "directory",
): Promise<boolean> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    return kind === "file" ? isFile : isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw systemError(`Cannot look at "${path}"`, error);
  }
}

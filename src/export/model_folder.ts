import { join, resolve } from "node:path";
import { MmsError } from "../errors.ts";

/**
 * Makes sure that the model's files are in a folder, and returns its absolute
 * path; a leading `~` is the user's home.
 *
 * @throws {MmsError} `resource_not_found` if there is no such folder
 */
export async function requireModelFolder(path: string): Promise<string> {
  const expanded = expandHome(path);
  if (await isFolder(expanded)) return resolve(expanded);
  throw new MmsError(
    "resource_not_found",
    `Given model-path ${path} is not a valid directory. Point to a valid model-path directory.`,
  );
}

/**
 * Makes sure that there is a folder to write to, and returns its absolute path.
 *
 * @throws {MmsError} `resource_not_found` if there is none
 */
export async function requireExportFolder(path: string): Promise<string> {
  if (await isFolder(path)) return resolve(path);
  throw new MmsError(
    "resource_not_found",
    `Given export-path ${path} is not a directory. Point to a valid export-path directory.`,
  );
}

/** Returns whether anything has that path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.isDirectory ?? false;
}

function expandHome(path: string): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  const isHome = path === "~" || path.startsWith("~/");
  return isHome && home ? join(home, path.slice(1)) : path;
}

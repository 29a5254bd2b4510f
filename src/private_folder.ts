/**
 * Folders that belong to the user alone, for files that are trusted later.
 *
 * @module
 */

const OWNER_ONLY = 0o700;
const OTHERS = 0o077;

/**
 * Returns the folder for what mms can make again: `MMS_CACHE_DIR`, else `mms`
 * in the cache folder of the system's user; `undefined` if there is neither.
 */
export function cacheFolder(): string | undefined {
  const own = Deno.env.get("MMS_CACHE_DIR");
  if (own) return own;
  const folder = systemCacheFolder();
  return folder === undefined ? undefined : `${folder}/mms`;
}

/**
 * Makes `path`, with its parents, a folder that only this user can reach.
 *
 * @throws {Deno.errors.PermissionDenied} if it is a link, another user's, or
 * open to other users; any other error of the system if it cannot be made
 */
export async function openPrivateFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: OWNER_ONLY });
  const { isDirectory, uid, mode } = await Deno.lstat(path);
  const owned = uid === null || uid === Deno.uid();
  const closed = mode === null || Deno.build.os === "windows" ||
    (mode & OTHERS) === 0;
  if (isDirectory && owned && closed) return;
  throw new Deno.errors.PermissionDenied(
    `Cannot use folder "${path}": it is not the user's own, or open to others`,
  );
}

function systemCacheFolder(): string | undefined {
  const home = Deno.env.get("HOME");
  switch (Deno.build.os) {
    case "windows":
      return Deno.env.get("LOCALAPPDATA");
    case "darwin":
      return home && `${home}/Library/Caches`;
    default: // XDG Base Directory Specification: relative paths do not count
      return absolute(Deno.env.get("XDG_CACHE_HOME")) ??
        (home && `${home}/.cache`);
  }
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith("/") ? path : undefined;
}

import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";

/** The bits that let others write. */
const WRITABLE_BY_OTHERS = 0o022;

/** The folder that a cache lives in. */
export interface CacheFolder {
  /** Absolute, or relative to the working directory. */
  readonly path: string;
  /** Whether it goes away with this process. */
  readonly temporary: boolean;
}

/**
 * Opens the folder that a cache lives in, and makes it where needed. One that
 * cannot be used, or that others can write to, is replaced by a temporary
 * folder of this process, with a warning.
 *
 * @throws {MmsError} `io_failed` if there is no room for that either
 */
export async function openCacheFolder(
  wanted: string | undefined,
): Promise<CacheFolder> {
  if (wanted !== undefined) {
    try {
      await requireOwnFolder(wanted);
      return { path: wanted, temporary: false };
    } catch (error) {
      logger("archive").warn(
        `Cannot use the cache "${wanted}": ${
          messageOf(error)
        }; nothing is kept beyond this run`,
      );
    }
  }
  return { path: await makeTemporaryFolder(), temporary: true };
}

async function requireOwnFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = await Deno.stat(path);
  if (uid !== null && uid !== Deno.uid()) {
    throw new Error(`it belongs to user ${uid}`);
  }
  if (mode !== null && (mode & WRITABLE_BY_OTHERS) !== 0) {
    throw new Error("others can write to it");
  }
  await Deno.remove(await Deno.makeTempDir({ dir: path, prefix: "try-" }));
}

async function makeTemporaryFolder(): Promise<string> {
  try {
    return await Deno.makeTempDir({ prefix: "mms-cache-" });
  } catch (error) {
    throw new MmsError(
      "io_failed",
      `Cannot make a temporary folder: ${
        messageOf(error)
      }, --cache-dir names a folder that can be written`,
      { cause: error },
    );
  }
}

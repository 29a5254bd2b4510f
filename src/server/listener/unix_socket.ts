import { MmsError } from "../../errors.ts";

/**
 * Removes the socket file that a killed server left behind.
 *
 * @throws {MmsError} `io_failed` if something still listens on it, or it is no socket
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const file = await Deno.lstat(path).catch(absent);
  if (file === undefined) return;
  if (!file.isSocket) {
    throw new MmsError(
      "io_failed",
      `Cannot listen on "unix:${path}": there is a file that is no socket`,
    );
  }
  if (await answers(path)) {
    throw new MmsError(
      "io_failed",
      `Cannot listen on "unix:${path}": something else is listening there`,
    );
  }
  await Deno.remove(path);
}

function absent(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}

async function answers(path: string): Promise<boolean> {
  try {
    using _ = await Deno.connect({ transport: "unix", path });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

import type { ModelArchive } from "../../archive/mod.ts";
import { messageOf } from "../../errors.ts";
import { openGraphFile } from "../../service/mod.ts";

/**
 * Reads an archive as JSON from standard input, converts its checkpoint unless
 * the cache has the graph already, and prints the path of that; then ends the
 * process, with 1 and a message if there is no graph.
 */
export async function printGraphPath(
  cacheFolder: string | undefined,
): Promise<never> {
  try {
    const text = await new Response(Deno.stdin.readable).text();
    // A worker got it from the front, which made it.
    const archive = JSON.parse(text) as ModelArchive;
    await using graph = await openGraphFile(archive, cacheFolder);
    await write(Deno.stdout.writable, graph.path);
  } catch (error) {
    await write(Deno.stderr.writable, messageOf(error));
    Deno.exit(1);
  }
  Deno.exit(0);
}

async function write(
  stream: WritableStream<Uint8Array>,
  text: string,
): Promise<void> {
  const writer = stream.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

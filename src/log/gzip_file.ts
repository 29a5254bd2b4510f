/** Bytes compressed in one go: 0.4 ms of the event loop's time. */
const SLICE = 1 << 14;

/** Between two slices the event loop has that long for others, in ms. */
const PAUSE = 4;

/** Nobody has worked on a part for so long who is still at it, in ms. */
const ABANDONED = 600_000;

/**
 * Compresses a file to one of the same name with `.gz` added, which takes its
 * place and its time. Requests are not held up: the runtime compresses on the
 * thread that calls it, so this goes on in small slices, with nine tenths of
 * the time left to others; 100 MB take half a minute.
 *
 * @throws {Deno.errors.AlreadyExists} if another process is at it
 */
export async function gzipFile(
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const part = `${path}.gz.part`;
  using source = await Deno.open(path);
  using target = await claim(part);
  try {
    const { atime, mtime } = await source.stat();
    await source.readable
      .pipeThrough(slowly(signal))
      .pipeThrough(new CompressionStream("gzip"))
      .pipeTo(target.writable, { signal });
    if (mtime !== null) await Deno.utime(part, atime ?? mtime, mtime);
    await Deno.rename(part, `${path}.gz`);
  } catch (error) {
    await Deno.remove(part).catch(() => {}); // What went wrong matters more.
    throw error;
  }
  await Deno.remove(path);
}

async function claim(part: string): Promise<Deno.FsFile> {
  const found = await Deno.stat(part).catch(() => undefined); // as it should be
  if (Date.now() - (found?.mtime?.getTime() ?? Infinity) > ABANDONED) {
    await Deno.remove(part);
  }
  return await Deno.open(part, { write: true, createNew: true });
}

function slowly(
  signal: AbortSignal,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    async transform(chunk, controller) {
      for (let start = 0; start < chunk.length; start += SLICE) {
        signal.throwIfAborted();
        controller.enqueue(chunk.subarray(start, start + SLICE));
        await new Promise((done) => setTimeout(done, PAUSE));
      }
    },
  });
}

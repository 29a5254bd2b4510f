/** One file that goes into an archive. */
export interface PackFile {
  /** Its path in the archive, `/` between the parts. */
  readonly name: string;
  /** Its size. */
  readonly bytes: number;
  /** Opens its content, from the start; can be done several times. */
  readonly open: () => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** Returns a file whose content lies at `path` on disk. */
export function packedFromDisk(
  name: string,
  path: string,
  bytes: number,
): PackFile {
  return {
    name,
    bytes,
    open: async () => (await Deno.open(path)).readable,
  };
}

/** Returns a file with the given content. */
export function packedText(name: string, text: string): PackFile {
  const content = new TextEncoder().encode(text);
  return {
    name,
    bytes: content.length,
    open: () => Promise.resolve(ReadableStream.from([content])),
  };
}

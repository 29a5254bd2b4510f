/**
 * Folders that vanish with the test that made them.
 *
 * @module
 */

/** A temporary folder, removed with everything in it when disposed of. */
export interface TempFolder extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  /** Writes a file into the folder and returns its path. */
  readonly write: (
    name: string,
    content: Uint8Array | string,
  ) => Promise<string>;
}

/** Makes a new temporary folder. */
export async function tempFolder(): Promise<TempFolder> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  return {
    path,
    async write(name, content) {
      const file = `${path}/${name}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), {
        recursive: true,
      });
      if (typeof content === "string") await Deno.writeTextFile(file, content);
      else await Deno.writeFile(file, content);
      return file;
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

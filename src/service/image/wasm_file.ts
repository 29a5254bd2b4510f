import { findAttachment, readAttachment } from "../../attachment.ts";

/** A WebAssembly file of a package. */
export interface WasmFile {
  readonly module: WebAssembly.Module;
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** Files by their specifiers. */
const files = new Map<string, Promise<WasmFile>>();

/**
 * Compiles a WebAssembly file of a package, once, without running it.
 *
 * @param specifier of the file, as an import would name it
 */
export function wasmFile(specifier: string): Promise<WasmFile> {
  const file = files.get(specifier) ?? compile(specifier);
  files.set(specifier, file);
  return file;
}

async function compile(specifier: string): Promise<WasmFile> {
  const url = new URL(import.meta.resolve(specifier));
  try {
    const bytes = await contentOf(url);
    const [module, digest] = await Promise.all([
      WebAssembly.compile(bytes),
      crypto.subtle.digest("SHA-256", bytes),
    ]);
    return { module, sha256: new Uint8Array(digest).toHex() };
  } catch (error) {
    files.delete(specifier); // out of descriptors, say: the next may succeed
    throw error;
  }
}

/** A compiled program may have the file outside of what it reads at its start. */
async function contentOf(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  const attachment = await findAttachment(name);
  return attachment === undefined
    ? await Deno.readFile(url)
    : await readAttachment(attachment);
}

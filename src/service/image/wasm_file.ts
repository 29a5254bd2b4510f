import { findAttachment, readAttachment } from "../../attachment.ts";

/** Modules by the specifiers of their files. */
const modules = new Map<string, Promise<WebAssembly.Module>>();

/**
 * Compiles a WebAssembly file of a package, once, without running it.
 *
 * @param specifier of the file, as an import would name it
 */
export function wasmFile(specifier: string): Promise<WebAssembly.Module> {
  const module = modules.get(specifier) ?? compile(specifier);
  modules.set(specifier, module);
  return module;
}

async function compile(specifier: string): Promise<WebAssembly.Module> {
  const url = new URL(import.meta.resolve(specifier));
  try {
    return await WebAssembly.compile(await contentOf(url));
  } catch (error) {
    modules.delete(specifier); // out of descriptors, say: the next may succeed
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

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
    return await WebAssembly.compile(await Deno.readFile(url));
  } catch (error) {
    modules.delete(specifier); // out of descriptors, say: the next may succeed
    throw error;
  }
}

/**
 * Compiles a WebAssembly file of a package, without running it.
 *
 * @param specifier of the file, as an import would name it
 */
export async function compileWasmFile(
  specifier: string,
): Promise<WebAssembly.Module> {
  const url = new URL(import.meta.resolve(specifier));
  return await WebAssembly.compile(await Deno.readFile(url));
}

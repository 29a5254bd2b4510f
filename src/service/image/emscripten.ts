/** What every module made by Emscripten has. */
export interface EmscriptenModule {
  /** Its whole memory. */
  readonly HEAPU8: Uint8Array;
}

/** How a module is made, as far as it matters here. */
interface FactoryOptions {
  readonly noInitialRun: boolean;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}

/** Makes a module. */
export type EmscriptenFactory<T> = (options: FactoryOptions) => Promise<T>;

/** How a module of a package is changed before it runs. */
export interface EmscriptenChanges {
  /** Returns what the WebAssembly is to import. */
  readonly imports?: (imports: WebAssembly.Imports) => WebAssembly.Imports;
  /** Sees the instance. */
  readonly instance?: (instance: WebAssembly.Instance) => void;
}

/** A module without a voice. */
export interface Emscripten<T extends EmscriptenModule> {
  readonly module: T;
  /** What it would have printed, oldest first; emptied by whoever reads it. */
  readonly printed: string[];
}

/** Makes a module that does not print, and leaves no global variable behind. */
export async function instantiateEmscripten<T extends EmscriptenModule>(
  factory: EmscriptenFactory<T>,
  compiled: WebAssembly.Module,
  changes: EmscriptenChanges = {},
): Promise<Emscripten<T>> {
  const printed: string[] = [];
  using _ = keepLocation();
  const module = await factory({
    noInitialRun: true,
    print: (line) => printed.push(line),
    printErr: (line) => printed.push(line),
    instantiateWasm(imports, done) {
      const changed = changes.imports?.(imports) ?? imports;
      const instance = new WebAssembly.Instance(compiled, changed);
      changes.instance?.(instance);
      done(instance);
      return instance.exports;
    },
  });
  return { module, printed };
}

/** Takes back the `location` that these modules define where there is none. */
function keepLocation(): Disposable {
  const before = Object.getOwnPropertyDescriptor(globalThis, "location");
  return {
    [Symbol.dispose]() {
      if (before === undefined) Reflect.deleteProperty(globalThis, "location");
      else Object.defineProperty(globalThis, "location", before);
    },
  };
}

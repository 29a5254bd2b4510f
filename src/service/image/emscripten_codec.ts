import { messageOf } from "../../errors.ts";

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

/** The outcome of some work, and what the module printed meanwhile. */
export interface CodecResult<R> {
  readonly result: R;
  readonly messages: readonly string[];
}

/** Memory never shrinks, so an instance that grew beyond this is replaced. */
const MAX_KEPT_BYTES = 64 * 1024 ** 2;

/** A codec compiled by Emscripten. What it prints is caught. */
export class EmscriptenCodec<T extends EmscriptenModule> {
  readonly #factory: EmscriptenFactory<T>;
  readonly #module: WebAssembly.Module;
  readonly #messages: string[] = [];
  #instance: Promise<T> | undefined;

  /** Makes instances of `module` when there is work. */
  constructor(factory: EmscriptenFactory<T>, module: WebAssembly.Module) {
    this.#factory = factory;
    this.#module = module;
  }

  /**
   * Does some work, on a new instance if the last one failed.
   *
   * @throws {Error} whatever made it fail, with what it printed as the message
   */
  async run<R>(work: (module: T) => R): Promise<CodecResult<R>> {
    this.#instance ??= this.#instantiate();
    const module = await this.#instance;
    this.#messages.length = 0;
    try {
      const result = work(module);
      if (module.HEAPU8.length > MAX_KEPT_BYTES) this.#instance = undefined;
      return { result, messages: [...this.#messages] };
    } catch (error) {
      this.#instance = undefined; // its memory may hold anything
      const printed = this.#messages.join("; ");
      throw new Error(printed || messageOf(error), { cause: error });
    }
  }

  async #instantiate(): Promise<T> {
    using _ = keepLocation();
    return await this.#factory({
      noInitialRun: true,
      print: () => {},
      printErr: (line) => this.#messages.push(line),
      instantiateWasm: (imports, done) => {
        const instance = new WebAssembly.Instance(this.#module, imports);
        done(instance);
        return instance.exports;
      },
    });
  }
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

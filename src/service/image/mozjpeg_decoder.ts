import {
  type Emscripten,
  type EmscriptenChanges,
  type EmscriptenFactory,
  type EmscriptenModule,
  instantiateEmscripten,
} from "./emscripten.ts";
import { type PooledPixels, pooledPixels } from "./pixel_pool.ts";

/** The decoder of @jsquash/jpeg. */
interface Decoder extends EmscriptenModule {
  /** Returns nothing of use: the pixels are caught on their way. */
  decode(jpeg: Uint8Array, honourOrientation: boolean): unknown;
}

/** The extents that a file's header gives. */
interface Extents {
  readonly width: number;
  readonly height: number;
}

/** What decoding came to. */
export interface Decoded {
  /** `undefined` where the decoder gave none of those extents. */
  readonly pixels: PooledPixels | undefined;
  /** What the decoder had to say. */
  readonly messages: readonly string[];
}

/** Embind's function by which C++ calls JavaScript. */
const CALL = "__emval_call";
/** Embind's number for `undefined`. */
const UNDEFINED = 2;

/**
 * mozjpeg, which copies pixels once, from its memory to where they are wanted,
 * instead of by way of a `Uint8ClampedArray` in an `ImageData`.
 */
export class MozjpegDecoder {
  readonly #emscripten: Emscripten<Decoder>;
  readonly #catcher: CallCatcher;

  private constructor(
    emscripten: Emscripten<Decoder>,
    catcher: CallCatcher,
  ) {
    this.#emscripten = emscripten;
    this.#catcher = catcher;
  }

  /**
   * Makes an instance.
   *
   * @param factory the package's own, by whatever type it declares
   */
  static async create(
    factory: unknown,
    compiled: WebAssembly.Module,
    changes: Pick<EmscriptenChanges, "instance"> = {},
  ): Promise<MozjpegDecoder> {
    const catcher = new CallCatcher();
    const emscripten = await instantiateEmscripten(
      factory as EmscriptenFactory<Decoder>, // their declarations do not hold
      compiled,
      { ...changes, imports: (imports) => catcher.replaceCall(imports) },
    );
    return new MozjpegDecoder(emscripten, catcher);
  }

  /** How many bytes of memory it has taken. */
  get bytes(): number {
    return this.#emscripten.module.HEAPU8.length;
  }

  /**
   * Decodes a file of some extents as it is stored.
   *
   * @throws {Error} with the last thing that the decoder said
   */
  decode(jpeg: Uint8Array, { width, height }: Extents): Decoded {
    const { module, printed } = this.#emscripten;
    printed.length = 0;
    let pixels: PooledPixels | undefined;
    // the first call is `new Uint8ClampedArray(view)`: a length and an address
    this.#catcher.onCall = (args) => {
      const [length, address] = new Uint32Array(module.HEAPU8.buffer, args, 2);
      this.#catcher.onCall = () => {};
      if (length !== 4 * width * height) return;
      pixels = pooledPixels(width, height);
      pixels.data.set(new Uint8Array(module.HEAPU8.buffer, address, length));
    };
    try {
      module.decode(jpeg, false);
    } catch (error) {
      throw new Error(printed.at(-1) ?? "it gives up", { cause: error });
    }
    return { pixels, messages: [...printed] };
  }
}

/** Takes the place of embind where C++ calls JavaScript. */
class CallCatcher {
  /** Called with the address of the arguments. */
  onCall: (args: number) => void = () => {};

  /** Returns the imports with one other function. */
  replaceCall(imports: WebAssembly.Imports): WebAssembly.Imports {
    const changed = Object.entries(imports).map(([from, functions]) => {
      const key = Object.keys(functions).find((key) =>
        (functions[key] as { readonly name?: string }).name === CALL
      );
      if (key === undefined) throw new Error(`Cannot find import "${CALL}"`);
      const call = (_: number, __: number, ___: number, args: number) => {
        this.onCall(args);
        return UNDEFINED;
      };
      return [from, { ...functions, [key]: call }];
    });
    return Object.fromEntries(changed);
  }
}

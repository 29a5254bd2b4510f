/** Linux: `prctl` option that names the signal for when the parent ends. */
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9n;

const SYMBOLS = {
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  malloc_trim: { parameters: ["usize"], result: "i32" },
} as const;

/** What the C library of Linux can do for a worker and Deno cannot. */
export class Libc implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;

  private constructor(library: Deno.DynamicLibrary<typeof SYMBOLS>) {
    this.#library = library;
  }

  /** Opens glibc; `undefined` where there is none or it may not be used. */
  static open(): Libc | undefined {
    if (Deno.build.os !== "linux") return undefined;
    try {
      return new Libc(Deno.dlopen("libc.so.6", SYMBOLS));
    } catch {
      // A worker does its work without it.
      return undefined;
    }
  }

  /** Has the process killed when its parent ends, even in the midst of a run. */
  dieWithParent(): void {
    this.#library.symbols.prctl(PR_SET_PDEATHSIG, SIGKILL, 0n, 0n, 0n);
  }

  /** Gives back what the heap keeps for later. */
  trimHeap(): void {
    this.#library.symbols.malloc_trim(0n);
  }

  /** Closes the library. */
  [Symbol.dispose](): void {
    this.#library.close();
  }
}

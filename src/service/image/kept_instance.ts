/** Memory of an instance never shrinks; beyond this it is not kept. */
const MAX_KEPT_BYTES = 64 * 1024 ** 2;

/** How an instance of a WebAssembly module is made and judged. */
export interface InstanceOptions<T, R> {
  /** Makes a new one. */
  readonly make: () => T | Promise<T>;
  /** The bytes that it holds for good, seen after it gave a result. */
  readonly bytesHeld: (instance: T, result: R) => number;
}

/**
 * One instance for work after work. It is given up, to the garbage collector,
 * when it fails, since its memory may hold anything then, or has grown large.
 */
export class KeptInstance<T, R> {
  readonly #options: InstanceOptions<T, R>;
  #instance: Promise<T> | undefined;

  /** Makes the first instance when there is work. */
  constructor(options: InstanceOptions<T, R>) {
    this.#options = options;
  }

  /** Does some work, without a pause, and passes on what it throws. */
  async run(work: (instance: T) => R): Promise<R> {
    this.#instance ??= Promise.resolve(this.#options.make());
    try {
      const instance = await this.#instance;
      const result = work(instance);
      const held = this.#options.bytesHeld(instance, result);
      if (held > MAX_KEPT_BYTES) this.#instance = undefined;
      return result;
    } catch (error) {
      this.#instance = undefined;
      throw error;
    }
  }
}

import { type Code, get, set } from "./instructions.ts";

/** Writes code that computes step after step, each result in a local. */
export class CodeWriter {
  readonly #code: Code[] = [];
  readonly #first: number;
  #kept = 0;

  /**
   * Makes a writer.
   *
   * @param first the number of the first local that may hold a result
   */
  constructor(first: number) {
    this.#first = first;
  }

  /** Computes a vector, and returns how to get it. */
  keep(value: Code): Code {
    const local = this.#first + this.#kept++;
    this.#code.push(set(local, value));
    return get(local);
  }

  /** Does something. */
  add(code: Code): void {
    this.#code.push(code);
  }

  /** Everything written. */
  get code(): Code {
    return this.#code;
  }

  /** How many vectors were kept. */
  get kept(): number {
    return this.#kept;
  }
}

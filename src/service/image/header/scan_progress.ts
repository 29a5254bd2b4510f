/** One pass over the coefficients of some components. */
export interface Scan {
  /** By the numbers that the frame gives them. */
  readonly components: readonly number[];
  /** The first coefficient, 0 to 63, in zigzag order. */
  readonly first: number;
  /** The last coefficient. */
  readonly last: number;
  /** The lowest bit that is sent; 0 completes a coefficient. */
  readonly lowBit: number;
}

const COEFFICIENTS = 64;

/** Keeps count of what the scans of a JPEG have sent. */
export class ScanProgress {
  readonly #completed: ReadonlyMap<number, Set<number>>;
  #count = 0;

  /** Expects all coefficients of these components. */
  constructor(components: readonly number[]) {
    this.#completed = new Map(components.map((id) => [id, new Set()]));
  }

  /** How many scans there were. */
  get count(): number {
    return this.#count;
  }

  /** Takes note of a scan. */
  add({ components, first, last, lowBit }: Scan): void {
    this.#count++;
    if (lowBit > 0) return;
    for (const id of components) {
      const completed = this.#completed.get(id);
      for (let i = first; i <= Math.min(last, COEFFICIENTS - 1); i++) {
        completed?.add(i);
      }
    }
  }

  /** Whether every coefficient of every component was sent to its last bit. */
  isComplete(): boolean {
    return [...this.#completed.values()]
      .every(({ size }) => size === COEFFICIENTS);
  }
}

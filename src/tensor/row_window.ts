/** How many rows are kept: as many as the vertical pass looks at. */
export const WINDOW_ROWS = 4;

/**
 * Which rows of a picture are at hand after the horizontal pass: the last four
 * that were asked for. Row `y` is in slot `y mod 4`.
 */
export class RowWindow {
  readonly #last: number;
  readonly #fill: (y: number, slot: number) => void;
  readonly #held: number[] = Array<number>(WINDOW_ROWS).fill(-1);

  /**
   * Makes an empty window.
   *
   * @param rows of the picture
   * @param fill puts row `y` into a slot
   */
  constructor(rows: number, fill: (y: number, slot: number) => void) {
    this.#last = rows - 1;
    this.#fill = fill;
  }

  /** Returns the slot of row `y`, or of the edge's where `y` lies outside. */
  slot(y: number): number {
    const row = y < 0 ? 0 : y > this.#last ? this.#last : y;
    const slot = row % WINDOW_ROWS;
    if (this.#held[slot] !== row) {
      this.#fill(row, slot);
      this.#held[slot] = row;
    }
    return slot;
  }
}

import type { Pixels, Planes } from "./pixels.ts";
import { type SourceRows, sumTailInIntegers } from "./resize_cubic.ts";
import { type Taps, taps } from "./resize_taps.ts";
import { RowWindow, WINDOW_ROWS } from "./row_window.ts";
import {
  type CubicRows,
  cubicRowsModule,
  TAP_BYTES,
} from "./wasm/cubic_rows.ts";

/** Taps may lie this many pixels outside of a row, on either side. */
const MARGIN = 2;
const PIXEL_BYTES = 4;
const RESIZED_BYTES = 16; // four int32 a pixel
const PAGE_BYTES = 1 << 16;

/** Where things lie in the module's memory. */
interface Layout {
  readonly taps: number;
  /** One source row with its margins. */
  readonly source: number;
  /** `WINDOW_ROWS` resized rows, `rowBytes` each. */
  readonly rows: number;
  readonly rowBytes: number;
  /** Three rows of float32, `planeBytes` each. */
  readonly planes: number;
  readonly planeBytes: number;
  /** Four target pixels each. */
  readonly blocks: number;
}

/** `resizeCubic` with its inner loops in WebAssembly SIMD, to the same bits. */
export class SimdCubicResizer {
  /** The most pixels in a row, of source or target, that it has memory for. */
  static readonly MAX_WIDTH = 1 << 16;

  readonly #rows: CubicRows;

  private constructor(rows: CubicRows) {
    this.#rows = rows;
  }

  /** Returns a resizer, or `undefined` where the runtime has no SIMD. */
  static create(): SimdCubicResizer | undefined {
    const bytes = cubicRowsModule();
    if (!globalThis.WebAssembly?.validate(bytes)) return undefined;
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(bytes),
    );
    return new SimdCubicResizer(exports as unknown as CubicRows); // see its source
  }

  /** As `resizeCubic`; neither width may exceed `MAX_WIDTH`. */
  resize(pixels: Pixels, width: number, height: number): Planes {
    const down = taps(pixels.height, height, "cubic");
    const layout = this.#reserve(pixels.width, width);
    this.#writeTaps(taps(pixels.width, width, "cubic"), layout);
    const window = this.#window(pixels, width, layout);
    const planes = {
      width,
      height,
      data: new Float32Array(3 * width * height),
    };
    const sums = this.#sums(width, layout);
    const slots: [number, number, number, number] = [0, 0, 0, 0];
    for (let y = 0; y < height; y++) {
      for (let k = 0; k < slots.length; k++) {
        slots[k] = window.slot(down.starts[y]! + k);
      }
      const weights = down.weights.subarray(4 * y, 4 * y + 4);
      this.#sumRows(slots, weights, layout);
      sums.forEach((sum, channel) => {
        planes.data.set(sum, (channel * height + y) * width);
      });
      if (width % 8 !== 0) {
        const rows = this.#sourceRows(slots, width, layout);
        sumTailInIntegers(rows, weights, planes, y);
      }
    }
    return planes;
  }

  /** Lays out the memory, and lets it grow to what is needed. */
  #reserve(sourceWidth: number, width: number): Layout {
    const blocks = Math.ceil(width / 4);
    const rowBytes = 4 * blocks * RESIZED_BYTES;
    const planeBytes = 4 * blocks * Float32Array.BYTES_PER_ELEMENT;
    const rows = 0;
    const planes = rows + WINDOW_ROWS * rowBytes;
    const taps = planes + 3 * planeBytes;
    const source = taps + width * TAP_BYTES;
    const end = source + (sourceWidth + 2 * MARGIN) * PIXEL_BYTES;
    const { memory } = this.#rows;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return { rows, rowBytes, planes, planeBytes, taps, source, blocks };
  }

  #writeTaps({ starts, weights }: Taps, layout: Layout): void {
    const view = new DataView(this.#rows.memory.buffer, layout.taps);
    starts.forEach((start, i) => {
      view.setInt32(TAP_BYTES * i, (start + MARGIN) * PIXEL_BYTES, true);
    });
    weights.forEach((weight, i) => {
      view.setInt16(TAP_BYTES * (i >> 2) + 4 + 2 * (i & 3), weight, true);
    });
  }

  #window(pixels: Pixels, width: number, layout: Layout): RowWindow {
    const margins = new Uint32Array(
      this.#rows.memory.buffer,
      layout.source,
      pixels.width + 2 * MARGIN,
    );
    const row = new Uint8Array(
      this.#rows.memory.buffer,
      layout.source + MARGIN * PIXEL_BYTES,
      pixels.width * PIXEL_BYTES,
    );
    return new RowWindow(pixels.height, (y, slot) => {
      const start = y * row.length;
      row.set(pixels.data.subarray(start, start + row.length));
      margins.fill(margins[MARGIN]!, 0, MARGIN);
      margins.fill(margins.at(-MARGIN - 1)!, -MARGIN);
      const target = layout.rows + slot * layout.rowBytes;
      this.#rows.resizeRow(layout.source, layout.taps, target, width);
    });
  }

  #sumRows(
    slots: readonly [number, number, number, number],
    weights: Int16Array,
    { rows, rowBytes, planes, planeBytes, blocks }: Layout,
  ): void {
    this.#rows.sumRows(
      rows + slots[0] * rowBytes,
      rows + slots[1] * rowBytes,
      rows + slots[2] * rowBytes,
      rows + slots[3] * rowBytes,
      weights[0]! * 2 ** -22,
      weights[1]! * 2 ** -22,
      weights[2]! * 2 ** -22,
      weights[3]! * 2 ** -22,
      planes,
      planeBytes,
      blocks,
    );
  }

  /** Where `#sumRows` leaves a row of each plane. */
  #sums(width: number, layout: Layout): readonly Float32Array[] {
    const { buffer } = this.#rows.memory;
    return [0, 1, 2].map((channel) =>
      new Float32Array(
        buffer,
        layout.planes + channel * layout.planeBytes,
        width,
      )
    );
  }

  #sourceRows(
    slots: readonly [number, number, number, number],
    width: number,
    { rows, rowBytes }: Layout,
  ): SourceRows {
    const row = (slot: number) =>
      new Int32Array(
        this.#rows.memory.buffer,
        rows + slot * rowBytes,
        4 * width,
      );
    return [row(slots[0]), row(slots[1]), row(slots[2]), row(slots[3])];
  }
}

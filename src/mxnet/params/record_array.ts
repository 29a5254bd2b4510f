import { type ByteSource, readChunks } from "../byte_source.ts";
import { invalidModel, quoted } from "../conversion_error.ts";
import { bytesOf } from "../element_type.ts";
import type { ParamArray } from "./param_array.ts";
import type { NDArrayRecord, StoredElements } from "./record.ts";
import { type Piece, scatter } from "./scatter.ts";

/** A record's surroundings. */
export interface RecordOrigin {
  readonly name: string;
  readonly source: ByteSource;
  readonly fileName: string;
}

const MAX_DENSE_BYTES = 2 ** 30;

/**
 * Returns the array that a record describes; a sparse one reads as dense.
 *
 * @throws {MmsError} `invalid_model` if the parts of a sparse array do not fit
 */
export function paramArrayOf(
  record: NDArrayRecord,
  origin: RecordOrigin,
): ParamArray {
  const { shape, data } = record;
  const { name, source } = origin;
  const array = { name, shape, type: data.type };
  if (record.storage === "dense") {
    const location = { offset: data.offset, length: data.length };
    return { ...array, location, read: () => readChunks(source, location) };
  }
  const bytes = shape.reduce((n, extent) => n * extent, bytesOf(data.type));
  if (bytes > MAX_DENSE_BYTES) {
    throw invalid(origin, `as a dense array it would take ${bytes} bytes`);
  }
  const pieces = record.storage === "row_sparse"
    ? rowPieces(record, origin)
    : cellPieces(record, origin);
  return { ...array, read: () => scatter(bytes, pieces) };
}

/** Yields the stored rows of a row-sparse array. */
async function* rowPieces(
  record: NDArrayRecord,
  origin: RecordOrigin,
): AsyncGenerator<Piece> {
  const { shape, data } = record;
  const rows = await readIndices(record.indices[0]!, origin);
  const rowBytes = shape.slice(1).reduce((n, d) => n * d, bytesOf(data.type));
  if (rows.length * rowBytes !== data.length) {
    throw invalid(
      origin,
      `${rows.length} rows do not take ${data.length} bytes`,
    );
  }
  requireIncreasing(rows, { limit: shape[0] ?? 0, what: "row", origin });
  for (const [i, row] of rows.entries()) {
    const offset = data.offset + i * rowBytes;
    yield {
      at: row * rowBytes,
      bytes: await origin.source.read(offset, rowBytes),
    };
  }
}

/** Yields the stored cells of a compressed-row array. */
async function* cellPieces(
  record: NDArrayRecord,
  origin: RecordOrigin,
): AsyncGenerator<Piece> {
  const { shape, data } = record;
  const [rows = 0, columns = 0] = shape;
  const starts = await readIndices(record.indices[0]!, origin);
  const numbers = await readIndices(record.indices[1]!, origin);
  const size = bytesOf(data.type);
  const count = data.length / size;
  if (
    shape.length !== 2 || starts.length !== rows + 1 || starts[0] !== 0 ||
    starts[rows]! > count || numbers.length !== count
  ) {
    throw invalid(origin, "its row pointers do not fit its cells");
  }
  const cells = await origin.source.read(data.offset, data.length);
  for (let row = 0; row < rows; row++) {
    const start = starts[row]!;
    const end = starts[row + 1]!;
    if (end < start) throw invalid(origin, "its row pointers decrease");
    const inRow = numbers.subarray(start, end);
    requireIncreasing(inRow, { limit: columns, what: "column", origin });
    for (const [i, column] of inRow.entries()) {
      const from = (start + i) * size;
      const at = (row * columns + column) * size;
      yield { at, bytes: cells.subarray(from, from + size) };
    }
  }
}

async function readIndices(
  stored: StoredElements,
  { source }: RecordOrigin,
): Promise<Float64Array> {
  const bytes = (await source.read(stored.offset, stored.length)).slice();
  return stored.type === "int64"
    ? Float64Array.from(new BigInt64Array(bytes.buffer), Number)
    : Float64Array.from(new Int32Array(bytes.buffer));
}

function requireIncreasing(
  numbers: Float64Array,
  { limit, what, origin }: {
    readonly limit: number;
    readonly what: string;
    readonly origin: RecordOrigin;
  },
): void {
  let previous = -1;
  for (const number of numbers) {
    if (number <= previous || number >= limit) {
      throw invalid(
        origin,
        `${what} ${number} follows ${what} ${previous}, there are ${limit}`,
      );
    }
    previous = number;
  }
}

function invalid({ fileName, name }: RecordOrigin, problem: string): Error {
  return invalidModel(
    `Cannot read parameter ${quoted(name)} of ${quoted(fileName)}: ${problem}`,
  );
}

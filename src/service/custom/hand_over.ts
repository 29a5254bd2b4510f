/** Shorter arrays are copied as quickly as they are handed over. */
const MIN_TRANSFER_BYTES = 1 << 12;

/**
 * Returns an array that may cross alone: itself where it owns all of its
 * buffer, else a copy, as of memory that is shared. What is worth it is added to the list of what is handed
 * over, and is of no use to the sender any more.
 */
export function handOver<T extends ArrayBufferView>(
  array: T,
  transfer: ArrayBuffer[],
): T {
  const { buffer, byteLength } = array;
  const isWhole = buffer instanceof ArrayBuffer &&
    buffer.byteLength === byteLength;
  const own = isWhole ? array : copyOf(array);
  if (byteLength >= MIN_TRANSFER_BYTES) {
    // It is no shared one, nor is a copy.
    transfer.push(own.buffer as ArrayBuffer);
  }
  return own;
}

/** A copy of plain data, whose arrays may cross. */
export function handOverAll(value: unknown, transfer: ArrayBuffer[]): unknown {
  if (ArrayBuffer.isView(value)) return handOver(value, transfer);
  if (Array.isArray(value)) {
    return value.map((item) => handOverAll(item, transfer));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map((
      [name, item],
    ) => [name, handOverAll(item, transfer)]),
  );
}

/** Every view that crosses is a typed array. */
function copyOf<T extends ArrayBufferView>(array: T): T {
  return (array as unknown as { slice(): T }).slice();
}

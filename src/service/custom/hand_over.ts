/** Shorter arrays are copied as quickly as they are handed over. */
const MIN_TRANSFER_BYTES = 1 << 14;

/**
 * Returns an array that may cross alone: itself where it owns all of its
 * buffer, else a copy. What is worth it is added to the list of what is handed
 * over, and is of no use to the sender any more.
 */
export function handOver<T extends ArrayBufferView>(
  array: T,
  transfer: ArrayBuffer[],
): T {
  const { buffer, byteLength } = array;
  const owned = buffer.byteLength === byteLength ? array : copyOf(array);
  if (byteLength >= MIN_TRANSFER_BYTES) {
    // It is no shared one: there are none in services.
    transfer.push(owned.buffer as ArrayBuffer);
  }
  return owned;
}

/** Every view that crosses is a typed array. */
function copyOf<T extends ArrayBufferView>(array: T): T {
  return (array as unknown as { slice(): T }).slice();
}

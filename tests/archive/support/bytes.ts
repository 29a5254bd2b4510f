/**
 * Bytes put together by hand.
 *
 * @module
 */

/** Returns the UTF-8 of a text, or bytes as they are. */
export function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
}

/** Returns all parts one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Returns numbers as little-endian bytes, each as wide as it says. */
export function littleEndian(
  ...fields: readonly (readonly [width: 2 | 4 | 8, value: number])[]
): Uint8Array {
  return joined(...fields.map(([width, value]) => {
    const bytes = new Uint8Array(width);
    for (let i = 0, rest = value; i < width; i++) {
      bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return bytes;
  }));
}

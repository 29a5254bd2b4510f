/** The tags of the values that certificates are made of (X.690 §8, RFC 5280). */
const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  identifier: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context: 0x80,
  constructed: 0x20,
} as const;

/** Returns one value: its tag, its length, its bytes (X.690 §8.1). */
function value(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const digits = size < 128 ? [size] : lengthDigits(size);
  const bytes = new Uint8Array(1 + digits.length + size);
  bytes.set([tag, ...digits]);
  let at = 1 + digits.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function lengthDigits(size: number): readonly number[] {
  const digits: number[] = [];
  for (let rest = size; rest > 0; rest = rest >> 8) digits.unshift(rest & 255);
  return [0x80 | digits.length, ...digits];
}

/** Returns a SEQUENCE. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return value(TAG.sequence, ...parts);
}

/** Returns a SET of one. */
export function set(part: Uint8Array): Uint8Array {
  return value(TAG.set, part);
}

/** Returns an INTEGER that is not negative, from its big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  const isNegative = (digits[0]! & 0x80) !== 0;
  return isNegative
    ? value(TAG.integer, Uint8Array.of(0), digits)
    : value(TAG.integer, digits);
}

/** Returns a BIT STRING of whole bytes. */
export function bits(bytes: Uint8Array): Uint8Array {
  return value(TAG.bits, Uint8Array.of(0), bytes);
}

/** Returns an OCTET STRING. */
export function octets(bytes: Uint8Array): Uint8Array {
  return value(TAG.octets, bytes);
}

/** Returns an OBJECT IDENTIFIER, given as `2.5.4.3`. */
export function identifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  const digits = [40 * first + second, ...others].flatMap(base128);
  return value(TAG.identifier, Uint8Array.from(digits));
}

function base128(number: number): readonly number[] {
  const digits = [number & 127];
  for (let rest = number >> 7; rest > 0; rest = rest >> 7) {
    digits.unshift(0x80 | (rest & 127));
  }
  return digits;
}

/** Returns a UTF8String. */
export function utf8(text: string): Uint8Array {
  return value(TAG.utf8, new TextEncoder().encode(text));
}

const FIRST_GENERALIZED_YEAR = 2050;

/** Returns a UTCTime, or from 2050 on a GeneralizedTime (RFC 5280 §4.1.2.5). */
export function time(date: Date): Uint8Array {
  const text = date.toISOString().replace(/[-T:]|\.\d+/g, "");
  const bytes = (digits: string) => new TextEncoder().encode(digits);
  return date.getUTCFullYear() < FIRST_GENERALIZED_YEAR
    ? value(TAG.utcTime, bytes(text.slice(2)))
    : value(TAG.generalizedTime, bytes(text));
}

/** Returns a value with a tag of its context, which takes the place of its own. */
export function implicit(number: number, bytes: Uint8Array): Uint8Array {
  return value(TAG.context | number, bytes);
}

/** Returns a value with a tag of its context around it. */
export function explicit(number: number, part: Uint8Array): Uint8Array {
  return value(TAG.context | TAG.constructed | number, part);
}

/** Bytes that are made when they are written. */
export interface LateBytes {
  /** How many there will be. */
  readonly length: number;
  /** Yields them in chunks. */
  read(): AsyncIterable<Uint8Array>;
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * One protobuf message under construction; fields are appended in the order of
 * the calls. Large fields are kept by reference and read when written.
 */
export class ProtoMessage {
  readonly #parts: (Uint8Array | LateBytes)[] = [];
  #pending: number[] = [];
  #length = 0;

  /** The message's length in bytes, so far. */
  get length(): number {
    return this.#length;
  }

  /** The message's bytes, in order. */
  get parts(): readonly (Uint8Array | LateBytes)[] {
    this.#flush();
    return this.#parts;
  }

  /** Appends an integer; negative ones take ten bytes, as in two's complement. */
  int(field: number, value: number | bigint): this {
    this.#varint(BigInt(field << 3 | VARINT));
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  /** Appends integers, one field each: proto2 does not pack. */
  ints(field: number, values: readonly (number | bigint)[]): this {
    for (const value of values) this.int(field, value);
    return this;
  }

  /** Appends a 32-bit float. */
  float(field: number, value: number): this {
    this.#varint(BigInt(field << 3 | FIXED32));
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  /** Appends text. */
  string(field: number, text: string): this {
    return this.bytes(field, new TextEncoder().encode(text));
  }

  /** Appends bytes. */
  bytes(field: number, bytes: Uint8Array | LateBytes): this {
    this.#varint(BigInt(field << 3 | LENGTH_DELIMITED));
    this.#varint(BigInt(bytes.length));
    this.#append(bytes);
    return this;
  }

  /** Appends a message, which must be complete. */
  message(field: number, message: ProtoMessage): this {
    this.#varint(BigInt(field << 3 | LENGTH_DELIMITED));
    this.#varint(BigInt(message.length));
    for (const part of message.parts) this.#append(part);
    return this;
  }

  #varint(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      this.#byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#byte(Number(rest));
  }

  #byte(byte: number): void {
    this.#pending.push(byte);
    this.#length += 1;
  }

  #append(part: Uint8Array | LateBytes): void {
    this.#length += part.length;
    if (part instanceof Uint8Array && part.length <= 32) {
      this.#pending.push(...part);
      return;
    }
    this.#flush();
    this.#parts.push(part);
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    this.#parts.push(Uint8Array.from(this.#pending));
    this.#pending = [];
  }
}

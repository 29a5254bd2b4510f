import type { ByteSink } from "../../../src/workload/protocol/frame_writer.ts";
import type { ByteSource } from "../../../src/workload/protocol/frame_reader.ts";

/** A connection that hands over what it was given, so many bytes a read. */
export class Bytes implements ByteSource {
  readonly #bytes: Uint8Array;
  readonly #step: number;
  #offset = 0;

  constructor(bytes: Uint8Array, step: number = bytes.length) {
    this.#bytes = bytes;
    this.#step = step;
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.#offset === this.#bytes.length) return Promise.resolve(null);
    const count = Math.min(this.#step, into.length);
    const part = this.#bytes.subarray(this.#offset, this.#offset + count);
    into.set(part);
    this.#offset += part.length;
    return Promise.resolve(part.length);
  }
}

/** A connection whose writes end only when they are let go. */
export class SlowSink implements ByteSink {
  readonly writes: Uint8Array[] = [];
  #release: (() => void) | undefined;

  /** Of each write, so many bytes are taken. */
  constructor(readonly most: number = Infinity) {}

  async write(bytes: Uint8Array): Promise<number> {
    const taken = bytes.slice(0, Math.min(this.most, bytes.length));
    this.writes.push(taken);
    await new Promise<void>((resolve) => this.#release = resolve);
    return taken.length;
  }

  /** Lets the write that is under way end. */
  async release(): Promise<void> {
    this.#release?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** All that was written, as one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

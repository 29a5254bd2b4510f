/** Where lines go in the end. */
export interface LineTarget {
  /** Gets ready for that many bytes of whole lines. */
  prepare(bytes: number): Promise<void>;
  /** Writes some of the bytes, at least one, and returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Gives back what it holds. */
  close(): Promise<void>;
}

/** How lines are gathered, and who hears of trouble. */
export interface LineWriterOptions {
  /** How long a line may wait for others to be written with, in ms. */
  readonly delay: number;
  /** Told once when the target begins to fail. */
  readonly onTrouble: (error: unknown) => void;
  /** Told when the target works again, and how many lines were lost. */
  readonly onRecovery: (dropped: number) => void;
}

/** Lines wait up to here, in bytes or so; then new ones are dropped. */
const MAX_WAITING = 1 << 21;

/** As many lines become bytes at a time, in UTF-16 code units. */
const CHUNK = 1 << 14;

/** A buffer that had to grow beyond this is given back once it is written. */
const KEEP_BYTES = 1 << 20;

/** A target that failed is tried again after that time, in ms. */
const RETRY_DELAY = 1000;

const NOTHING = new Uint8Array();
const encoder = new TextEncoder();

/**
 * Writes lines in the background, many at a time, in bounded memory. A target
 * that fails is tried again every second: the lines wait for it as far as
 * there is room, and are counted beyond.
 */
export class LineWriter {
  readonly #target: LineTarget;
  readonly #options: LineWriterOptions;
  /** Lines that came last. Text that waits for long is dear to collect. */
  #waiting = "";
  /** Lines before those, as bytes that nobody has begun to write. */
  #encoded: Uint8Array<ArrayBuffer> = NOTHING;
  #length = 0;
  /** Takes the place of the buffer that is being written. */
  #spare: Uint8Array<ArrayBuffer> = NOTHING;
  /** What is left of the lines that were begun. */
  #begun: Uint8Array = NOTHING;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #isFailing = false;
  #dropped = 0;
  #droppedBefore = 0;

  /** Makes a writer with nothing to write. */
  constructor(target: LineTarget, options: LineWriterOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** How many lines were lost. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a line without its line feed. */
  append(line: string): void {
    const length = this.#length + this.#waiting.length;
    if (length + line.length > MAX_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting += line + "\n";
    if (this.#waiting.length >= CHUNK) this.#encode();
    this.#wake(this.#options.delay);
  }

  /** Writes what waits at the end of this turn of the event loop. */
  hurry(): void {
    if (this.#isFailing || !this.#isWaiting) return;
    this.#sleep();
    this.#wake(0);
  }

  /** Gets the target ready and writes all that waits, unless that fails. */
  async flush(): Promise<void> {
    do {
      this.#sleep();
      await this.#write();
    } while (this.#hasWork() && !this.#isFailing);
  }

  /** Writes what waits as far as that succeeds, and gives the target back. */
  async close(): Promise<void> {
    await this.flush();
    this.#sleep();
    await this.#target.close();
  }

  #hasWork(): boolean {
    return this.#isWaiting || this.#begun.length > 0;
  }

  get #isWaiting(): boolean {
    return this.#waiting !== "" || this.#length > 0;
  }

  /** Turns the last lines into bytes. */
  #encode(): void {
    // UTF-8 takes at most three bytes for each UTF-16 code unit.
    const needed = this.#length + 3 * this.#waiting.length;
    if (needed > this.#encoded.length) {
      const grown = new Uint8Array(2 * needed);
      grown.set(this.#encoded.subarray(0, this.#length));
      this.#encoded = grown;
    }
    const room = this.#encoded.subarray(this.#length);
    this.#length += encoder.encodeInto(this.#waiting, room).written;
    this.#waiting = "";
  }

  #wake(delay: number): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    const timer = setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, this.#isFailing ? RETRY_DELAY : delay);
    Deno.unrefTimer(timer);
    this.#timer = timer;
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Never rejects: trouble is told, and what could not be written stays. */
  #write(): Promise<void> {
    return this.#writing ??= this.#attempt().finally(() => {
      this.#writing = undefined;
      if (this.#hasWork()) this.#wake(this.#options.delay);
    });
  }

  async #attempt(): Promise<void> {
    try {
      await this.#target.prepare(this.#take());
      while (this.#begun.length > 0) {
        const written = await this.#target.write(this.#begun);
        this.#begun = this.#begun.subarray(written);
      }
      this.#recover();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Begins what waits, and returns how many bytes of whole lines that is. */
  #take(): number {
    if (this.#begun.length > 0) return 0; // It is in the middle of a line.
    this.#encode();
    this.#begun = this.#encoded.subarray(0, this.#length);
    const free = this.#spare.length > KEEP_BYTES ? NOTHING : this.#spare;
    [this.#encoded, this.#spare] = [free, this.#encoded];
    this.#length = 0;
    return this.#begun.length;
  }

  #fail(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.onTrouble(error);
  }

  #recover(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#options.onRecovery(this.#dropped - this.#droppedBefore);
    this.#droppedBefore = this.#dropped;
  }
}

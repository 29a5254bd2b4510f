/** Bytes of a status line and all header fields, or of all trailers. */
const MAX_HEAD_BYTES = 64 * 1024;
const READ_BYTES = 64 * 1024;

/** What a server answered, read from a connection. */
export interface Http1Answer {
  readonly status: number;
  readonly statusText: string;
  /** By lower-case name; of duplicates, the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** Ends with an error where the connection ends before the body does. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What bytes are read from. */
export interface ByteSource {
  /** Returns how many bytes it put into the buffer, `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Returns a GET that closes the connection after it, RFC 9112 §3. */
export function writeGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Uint8Array {
  const fields = { host: url.host, connection: "close", ...headers };
  const lines = Object.entries(fields).map(([name, value]) => {
    if (/[\r\n\0]/.test(name + value)) {
      throw new TypeError(
        `A header field has one line, not "${name}: ${value}"`,
      );
    }
    return `${name}: ${value}\r\n`;
  });
  const target = url.pathname + url.search;
  return new TextEncoder().encode(
    `GET ${target} HTTP/1.1\r\n${lines.join("")}\r\n`,
  );
}

/**
 * Reads the answer to a GET, RFC 9112 §4 to §7; interim answers are skipped.
 *
 * @throws {Error} if it breaks the rules
 */
export async function readAnswer(source: ByteSource): Promise<Http1Answer> {
  const reader = new LineReader(source);
  while (true) {
    const [statusLine = "", ...fields] = await reader.head();
    const match = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(statusLine);
    if (match === null) throw new Error("it does not speak HTTP/1.1");
    const status = Number(match[1]);
    if (status < 200 && status !== 101) continue;
    const headers = parseFields(fields);
    return {
      status,
      statusText: match[2] ?? "",
      headers,
      body: bodyOf(reader, status, headers),
    };
  }
}

function parseFields(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const match = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (match === null) throw new Error(`it sent a broken header: "${line}"`);
    const name = match[1]!.toLowerCase();
    if (!headers.has(name)) headers.set(name, match[2]!);
  }
  return headers;
}

/** Which of the ways to delimit a body is used, RFC 9112 §6.3. */
function bodyOf(
  reader: LineReader,
  status: number,
  headers: ReadonlyMap<string, string>,
): AsyncIterable<Uint8Array> {
  if (status === 204 || status === 304) return reader.exactly(0);
  const coding = headers.get("transfer-encoding");
  if (coding?.toLowerCase() === "chunked") return readChunks(reader);
  if (coding !== undefined) {
    throw new Error(`it sent the body as "${coding}"`);
  }
  const length = headers.get("content-length");
  if (length === undefined) return reader.rest();
  if (!/^\d{1,16}$/.test(length)) {
    throw new Error(`it sent a broken length: "${length}"`);
  }
  return reader.exactly(Number(length));
}

/** RFC 9112 §7.1; extensions and trailers are skipped. */
async function* readChunks(reader: LineReader): AsyncGenerator<Uint8Array> {
  while (true) {
    const line = await reader.line();
    const size = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) {
      throw new Error(`it sent a broken chunk: "${line}"`);
    }
    const length = parseInt(size, 16);
    if (length === 0) break;
    yield* reader.exactly(length);
    if (await reader.line() !== "") throw new Error("it sent a broken chunk");
  }
  await reader.head();
}

/** Takes lines and bytes from a source. */
class LineReader {
  readonly #source: ByteSource;
  #pending = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Returns the lines before the next empty one. */
  async head(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (let bytes = 0;;) {
      const line = await this.line();
      if (line === "") return lines;
      bytes += line.length;
      if (bytes > MAX_HEAD_BYTES) throw new Error("it sent too long a head");
      lines.push(line);
    }
  }

  /** Returns the next line without its end. */
  async line(): Promise<string> {
    let end = this.#pending.indexOf(10);
    while (end < 0) {
      if (this.#pending.length > MAX_HEAD_BYTES) {
        throw new Error("it sent too long a line");
      }
      const more = await this.#read();
      const joined = new Uint8Array(this.#pending.length + more.length);
      joined.set(this.#pending);
      joined.set(more, this.#pending.length);
      end = joined.indexOf(10, this.#pending.length);
      this.#pending = joined;
    }
    const line = this.#pending.subarray(0, end);
    this.#pending = this.#pending.subarray(end + 1);
    return new TextDecoder("latin1").decode(line).replace(/\r$/, "");
  }

  /** Hands out so many bytes, as they come. */
  async *exactly(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0;) {
      const chunk = this.#pending.length > 0
        ? this.#pending
        : await this.#read();
      this.#pending = chunk.subarray(left);
      yield chunk.subarray(0, left);
      left -= Math.min(left, chunk.length);
    }
  }

  /** Hands out everything up to the end. */
  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.#pending.length > 0) yield this.#pending;
    while (true) {
      const chunk = await this.#readOrEnd();
      if (chunk === null) return;
      yield chunk;
    }
  }

  async #read(): Promise<Uint8Array<ArrayBuffer>> {
    const chunk = await this.#readOrEnd();
    if (chunk === null) throw new Error("the connection broke off");
    return chunk;
  }

  async #readOrEnd(): Promise<Uint8Array<ArrayBuffer> | null> {
    const buffer = new Uint8Array(READ_BYTES);
    const length = await this.#source.read(buffer);
    return length === null ? null : buffer.subarray(0, length);
  }
}

/**
 * An HTTP client on one connection, which shows whether that is kept.
 *
 * @module
 */

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** What is asked. */
export interface HttpQuestion {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const encoder = new TextEncoder();

/** One connection to a server. */
export class HttpClient implements Disposable {
  readonly #connection: Deno.Conn;
  #rest: Uint8Array = new Uint8Array();

  /** Talks over a connection that is open. */
  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Sends a request line such as `GET /ping`, and reads the answer. */
  async ask(line: string, question: HttpQuestion = {}): Promise<HttpAnswer> {
    const { headers = {}, body } = question;
    const bytes = typeof body === "string" ? encoder.encode(body) : body;
    const all = {
      Host: "localhost",
      ...(bytes === undefined
        ? {}
        : { "Content-Length": String(bytes.length) }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) =>
      `${name}: ${value}\r\n`
    );
    const head = encoder.encode(`${line} HTTP/1.1\r\n${lines.join("")}\r\n`);
    // At once: a second small write would wait until the first has been seen.
    await this.#write(
      bytes === undefined ? head : new Uint8Array([...head, ...bytes]),
    );
    return await this.#readAnswer();
  }

  /** Bytes that came beyond the last answer. */
  get surplus(): number {
    return this.#rest.length;
  }

  /** Whether the server ends the connection, which takes at most the time of its own. */
  async isEnded(): Promise<boolean> {
    return await this.#read() === null;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(await this.#connection.write(rest));
    }
  }

  async #readAnswer(): Promise<HttpAnswer> {
    const head = await this.#readHead();
    const [statusLine = "", ...lines] = head.split("\r\n");
    const headers = new Map(lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    const body = await this.#take(Number(headers.get("content-length") ?? 0));
    return {
      status: Number(statusLine.split(" ")[1]),
      headers,
      text: new TextDecoder().decode(body),
    };
  }

  async #readHead(): Promise<string> {
    for (;;) {
      const text = new TextDecoder("latin1").decode(this.#rest);
      const end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        this.#rest = this.#rest.subarray(end + 4);
        return text.slice(0, end);
      }
      await this.#more();
    }
  }

  async #take(size: number): Promise<Uint8Array> {
    while (this.#rest.length < size) await this.#more();
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }

  async #more(): Promise<void> {
    const bytes = await this.#read();
    if (bytes === null) throw new Error("the server ended the connection");
    this.#rest = new Uint8Array([...this.#rest, ...bytes]);
  }

  async #read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(1 << 16);
    const size = await this.#connection.read(buffer);
    return size === null ? null : buffer.subarray(0, size);
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

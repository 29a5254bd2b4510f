/**
 * A client that writes bytes and reads bytes, for what no proper client sends.
 *
 * @module
 */

/** One connection. */
export interface RawClient extends Disposable {
  /** Sends text as it is, each character one byte. */
  readonly send: (text: string) => Promise<void>;
  /** Reads until the received text has what is expected, and returns all of it so far. */
  readonly until: (expected: string | RegExp) => Promise<string>;
  /** Reads until the server ends the connection, and returns all of it. */
  readonly untilEnd: () => Promise<string>;
}

/** Connects to a port of this machine. */
export async function rawClient(port: number): Promise<RawClient> {
  return overConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
}

/** Connects to a unix socket. */
export async function rawUnixClient(path: string): Promise<RawClient> {
  return overConnection(await Deno.connect({ transport: "unix", path }));
}

function overConnection(connection: Deno.Conn): RawClient {
  const buffer = new Uint8Array(1 << 16);
  const decoder = new TextDecoder("latin1");
  let received = "";
  const read = async () => {
    const size = await connection.read(buffer);
    if (size !== null) received += decoder.decode(buffer.subarray(0, size));
    return size !== null;
  };
  return {
    async send(text) {
      let rest = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      while (rest.length > 0) {
        rest = rest.subarray(await connection.write(rest));
      }
    },
    async until(expected) {
      const found = () =>
        typeof expected === "string"
          ? received.includes(expected)
          : expected.test(received);
      while (!found()) {
        if (!await read()) {
          throw new Error(`the connection ended:\n${received}`);
        }
      }
      return received;
    },
    async untilEnd() {
      while (await read());
      return received;
    },
    [Symbol.dispose]() {
      try {
        connection.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    },
  };
}

import { join } from "node:path";
import { closeConnection } from "./close_connection.ts";
import { FrameReader } from "../protocol/frame_reader.ts";
import { readHello } from "../protocol/reply_reader.ts";

/** A connection on which the other side has shown that it is the worker. */
export interface Met {
  readonly connection: Deno.Conn;
  readonly reader: FrameReader;
}

/** Linux has room for 107 bytes, macOS for 103. */
const MAX_SOCKET_PATH = 100;

/** How long a stranger may keep the place, in ms. */
const HELLO_TIMEOUT_MS = 5_000;

const encoder = new TextEncoder();

/**
 * A place where one worker connects: a unix socket in a private folder, or a
 * port of the loopback interface where there are no unix sockets.
 */
export class Rendezvous implements AsyncDisposable {
  /** Where to connect to: `unix:PATH` or `tcp:PORT`. */
  readonly address: string;
  /** What the worker has to say, in hexadecimal digits. */
  readonly secret: string = newSecret();
  readonly #listener: Deno.Listener<Deno.Conn>;
  readonly #folder: string | undefined;
  #visitor: Deno.Conn | undefined;
  #closed = false;

  private constructor(
    listener: Deno.Listener<Deno.Conn>,
    address: string,
    folder?: string,
  ) {
    this.#listener = listener;
    this.address = address;
    this.#folder = folder;
  }

  /** Opens a new place, its folder in `parent` or else where the system wants. */
  static async open(parent?: string): Promise<Rendezvous> {
    if (Deno.build.os === "windows") return Rendezvous.#openPort();
    // The folder is made with mode 0700.
    const folder = await Deno.makeTempDir({
      ...(parent === undefined ? {} : { dir: parent }),
      prefix: "mms-",
    });
    const path = join(folder, "s");
    if (encoder.encode(path).length > MAX_SOCKET_PATH) {
      await Deno.remove(folder);
      return Rendezvous.#openPort();
    }
    const listener = Deno.listen({ transport: "unix", path });
    return new Rendezvous(listener, `unix:${path}`, folder);
  }

  static #openPort(): Rendezvous {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return new Rendezvous(listener, `tcp:${listener.addr.port}`);
  }

  /**
   * Waits for the worker; strangers are turned away. Rejects once the place is
   * closed.
   *
   * @param maxBodyBytes the longest body of what the worker will send
   */
  async meet(maxBodyBytes: number): Promise<Met> {
    for (;;) {
      const connection = await this.#listener.accept();
      this.#visitor = connection;
      const reader = new FrameReader(connection, maxBodyBytes);
      if (!this.#closed && await this.#knowsSecret(connection, reader)) {
        this.#visitor = undefined;
        return { connection, reader };
      }
      closeConnection(connection);
    }
  }

  /** Ends what is waited for here, and leaves no trace of the place. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#listener.close();
    if (this.#visitor !== undefined) closeConnection(this.#visitor);
    if (this.#folder !== undefined) {
      await Deno.remove(this.#folder, { recursive: true });
    }
  }

  async #knowsSecret(
    connection: Deno.Conn,
    reader: FrameReader,
  ): Promise<boolean> {
    const timer = setTimeout(
      () => closeConnection(connection),
      HELLO_TIMEOUT_MS,
    );
    try {
      const frames = await reader.receive();
      return frames?.length === 1 &&
        sameText(readHello(frames[0]!), this.secret);
    } catch {
      // Whatever it sent or failed to send: it is not the worker.
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/** Takes the same time wherever they differ. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) {
    difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  }
  return difference === 0;
}

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { BrokenRequests } from "./broken_requests.ts";
import { exchange, type ExchangeOptions } from "./exchange.ts";
import { cannotListen, type ListenAddress } from "./listen_address.ts";
import { removeStaleSocket } from "./unix_socket.ts";

/** What a listener needs. */
export interface ListenerOptions extends Omit<ExchangeOptions, "isClosing"> {
  readonly address: ListenAddress;
  /** Connections kept open at a time; more are closed at once. */
  readonly maxConnections: number;
  /** How long slow callers keep their connections. */
  readonly timeouts?: ListenerTimeouts;
}

/** How long a connection may take over something, in ms. */
export interface ListenerTimeouts {
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeout: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeout: number;
  /** Between two requests. */
  readonly keepAliveTimeout: number;
  /** How often these are checked. */
  readonly connectionsCheckingInterval: number;
}

// Idle connections outlive the 60 s for which load balancers keep theirs: these
// would use a closed one.
const TIMEOUTS: ListenerTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 1000,
};

const SERVER_OPTIONS: ServerOptions = {
  // 4096 bytes of request line and 8192 of headers: each is checked by itself.
  maxHeaderSize: 12_288,
  // The original does without as well.
  requireHostHeader: false,
};
const BACKLOG = 4096;
const SOCKET_MODE = 0o600;
// For how long requests that are under way already may still arrive.
const LINGER_MS = 250;

/** One address on which requests are answered. */
export class Listener implements AsyncDisposable {
  /** Where it is bound, with the port that the system chose. */
  readonly address: ListenAddress;
  readonly #server: Server;
  #closing = false;

  private constructor(server: Server, address: ListenAddress) {
    this.#server = server;
    this.address = address;
  }

  /**
   * Binds an address and starts to answer.
   *
   * @throws {MmsError} `io_failed` if the address cannot be bound
   */
  static async open(options: ListenerOptions): Promise<Listener> {
    const timeouts = options.timeouts ?? TIMEOUTS;
    const server = createServer({ ...SERVER_OPTIONS, ...timeouts });
    server.maxConnections = options.maxConnections;
    // The check of the head counts: node drops the excess without a word.
    server.maxHeadersCount = 0;
    const address = await bind(server, options.address);
    const listener = new Listener(server, address);
    listener.#answer(options);
    return listener;
  }

  #answer(options: ListenerOptions): void {
    const broken = new BrokenRequests();
    const shared = { ...options, isClosing: () => this.#closing };
    const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
      broken.expect(incoming, outgoing);
      return exchange(incoming, outgoing, shared);
    };
    this.#server.on("request", answer);
    this.#server.on("checkContinue", answer);
    this.#server.on("checkExpectation", answer);
    this.#server.on(
      "clientError",
      (error, socket) => broken.answer(error, socket),
    );
  }

  /**
   * Takes no more requests, answers those it has for at most `graceMs`, then
   * cuts every connection.
   */
  async close(graceMs: number): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const server = this.#server;
    if (graceMs > 0 && await countConnections(server) > 0) {
      await delay(Math.min(LINGER_MS, graceMs));
    }
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeIdleConnections();
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed.promise;
    clearTimeout(cut);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
  }
}

async function bind(
  server: Server,
  address: ListenAddress,
): Promise<ListenAddress> {
  if (address.scheme === "unix") await removeStaleSocket(address.path);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).once("listening", resolve);
  server.listen(
    address.scheme === "unix"
      ? { path: address.path, backlog: BACKLOG }
      : { host: address.host, port: address.port, backlog: BACKLOG },
  );
  try {
    await promise;
  } catch (error) {
    throw cannotListen(address, error);
  }
  if (address.scheme === "unix") {
    await Deno.chmod(address.path, SOCKET_MODE);
    return address;
  }
  // A server that listens on a host and a port has this kind of address.
  const { port } = server.address() as AddressInfo;
  return { ...address, port };
}

function countConnections(server: Server): Promise<number> {
  // The http server of Deno 2.7 does not count them: there may be some.
  if (!("getConnections" in server)) return Promise.resolve(1);
  const { promise, resolve } = Promise.withResolvers<number>();
  server.getConnections((_, count) => resolve(count));
  return promise;
}

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import { logger } from "../../log.ts";
import { bind } from "./bind.ts";
import { BrokenRequests } from "../exchange/broken_requests.ts";
import { exchange, type ExchangeOptions } from "../exchange/exchange.ts";
import {
  createHttpServer,
  createHttpsServer,
  type ListenerTimeouts,
  TIMEOUTS,
} from "./http_server.ts";
import type { ListenAddress, ListenAdvice } from "./listen_address.ts";
import { readIdentity, type TlsSource } from "../tls/tls.ts";

/** What a listener needs. */
export interface ListenerOptions extends Omit<ExchangeOptions, "isClosing"> {
  /** Where it is bound. */
  readonly address: ListenAddress;
  /** What helps somebody whose address is taken. */
  readonly advice: ListenAdvice;
  /** Where the certificate comes from, if the address is an https one. */
  readonly tls: TlsSource;
  /** Connections kept open at a time; more are closed at once. */
  readonly maxConnections: number;
  /** How long slow callers keep their connections. */
  readonly timeouts?: ListenerTimeouts;
}

// For how long requests that are under way already may still arrive.
const LINGER_MS = 250;

/** One address on which requests are answered. */
export class Listener implements AsyncDisposable {
  /** Where it is bound, with the port that the system chose. */
  readonly address: ListenAddress;
  readonly #server: Server;
  readonly #reload: () => Promise<void>;
  #closing = false;

  private constructor(
    server: Server,
    { address, reload }: {
      readonly address: ListenAddress;
      readonly reload: () => Promise<void>;
    },
  ) {
    this.#server = server;
    this.#reload = reload;
    this.address = address;
  }

  /**
   * Binds an address and starts to answer.
   *
   * @throws {MmsError} `io_failed` if the address cannot be bound;
   * `invalid_settings` if there is no good certificate for https
   */
  static async open(options: ListenerOptions): Promise<Listener> {
    const { address, tls, timeouts = TIMEOUTS } = options;
    const identity = () =>
      readIdentity(tls, address.scheme === "https" ? address.host : "");
    const { server, reload } = address.scheme === "https"
      ? await createHttpsServer(timeouts, identity)
      : createHttpServer(timeouts);
    server.maxConnections = options.maxConnections;
    const bound = await bind(server, address, options.advice);
    const listener = new Listener(server, { address: bound, reload });
    listener.#answer(options);
    return listener;
  }

  /**
   * Reads the certificate again: connections that begin from then on get it.
   *
   * @throws {MmsError} `invalid_settings` if it is not good; the old one stays
   */
  async reloadCertificate(): Promise<void> {
    await this.#reload();
  }

  #answer(options: ListenerOptions): void {
    const broken = new BrokenRequests(options.metrics);
    const shared = { ...options, isClosing: () => this.#closing };
    const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const done = broken.expect(incoming);
      return exchange(incoming, outgoing, { done, options: shared });
    };
    // Without a listener an error of the system would end the process.
    this.#server.on(
      "error",
      (error) => logger("server").error("{why}", { why: messageOf(error) }),
    );
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
    const server = this.#server;
    // Whoever is told to close the connection may open another one, so none is
    // taken from then on; those that are open get a moment for what they sent.
    const stopped = stopListening(server);
    this.#closing = true;
    if (graceMs > 0 && await countConnections(server) > 0) {
      await delay(Math.min(LINGER_MS, graceMs));
    }
    server.close();
    server.closeIdleConnections();
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await stopped;
    clearTimeout(cut);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
  }
}

/** Resolves when the last connection has ended. */
function stopListening(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Node's http server would also cut the connections that are idle. That of
  // Deno 2.7 is no such server underneath, and does not.
  const { close } = server instanceof NetServer ? NetServer.prototype : server;
  close.call(server, () => resolve());
  return promise;
}

function countConnections(server: Server): Promise<number> {
  // The http server of Deno 2.7 does not count them: there may be some.
  if (!("getConnections" in server)) return Promise.resolve(1);
  const { promise, resolve } = Promise.withResolvers<number>();
  server.getConnections((_, count) => resolve(count));
  return promise;
}

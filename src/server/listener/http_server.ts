import { createServer, type Server, type ServerOptions } from "node:http";
import { messageOf } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { TlsIdentity } from "../tls/tls.ts";

/** A server of node's, and how it gets at a new certificate. */
export interface CreatedServer {
  readonly server: Server;
  /** Reads the certificate again, where there is one. */
  readonly reload: () => Promise<void>;
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

/**
 * What holds unless said otherwise. Idle connections outlive the 60 s for which
 * load balancers keep theirs: these would use a closed one.
 */
export const TIMEOUTS: ListenerTimeouts = {
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
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Makes a server for http, which does not listen yet. */
export function createHttpServer(timeouts: ListenerTimeouts): CreatedServer {
  const server = createServer({ ...SERVER_OPTIONS, ...timeouts });
  return { server: prepared(server), reload: () => Promise.resolve() };
}

/** Makes a server for https, TLS 1.2 and 1.3, which does not listen yet. */
export async function createHttpsServer(
  timeouts: ListenerTimeouts,
  identity: () => Promise<TlsIdentity>,
): Promise<CreatedServer> {
  const https = await import("node:https");
  const server = https.createServer({
    ...SERVER_OPTIONS,
    ...timeouts,
    ...await identity(),
    minVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  server.on("tlsClientError", (error) =>
    // Whoever scans ports causes these.
    logger("server").debug("{why}", { why: messageOf(error) }));
  const reload = async () => server.setSecureContext(await identity());
  // Node's server for https has all that the one for http has.
  return { server: prepared(server as unknown as Server), reload };
}

function prepared(server: Server): Server {
  // The check of the head counts: node drops the excess without a word.
  server.maxHeadersCount = 0;
  return server;
}

/**
 * Whole servers, with models that do what a test wants.
 *
 * @module
 */

import { Metrics } from "../../../src/metrics.ts";
import { ModelServer, type ServerOptions } from "../../../src/server/mod.ts";
import type { Registry, RegistryOptions } from "../../../src/workload/mod.ts";
import { scriptedRegistry } from "../../workload/support/workload.ts";

/** A server on free ports, and how to ask it. */
export interface TestServer extends AsyncDisposable {
  readonly server: ModelServer;
  readonly registry: Registry;
  /** Asks the inference API. */
  readonly infer: (path: string, init?: RequestInit) => Promise<Reply>;
  /** Asks the management API. */
  readonly manage: (path: string, init?: RequestInit) => Promise<Reply>;
}

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON, where it is. */
  readonly json: unknown;
}

/** What a test server is given besides its ports. */
export interface TestServerOptions {
  readonly registry?: Partial<RegistryOptions>;
  readonly server?: Partial<ServerOptions>;
}

/** Any free port of this machine. */
export const FREE_PORT = {
  scheme: "http",
  host: "127.0.0.1",
  port: 0,
} as const;

/** Starts a server; its models are of the tests' own kind unless `open` says otherwise. */
export async function startServer(
  options: TestServerOptions = {},
): Promise<TestServer> {
  const metrics = new Metrics();
  const registry = scriptedRegistry({ metrics, ...options.registry });
  const server = await ModelServer.start({
    registry,
    started: Promise.resolve(),
    metrics,
    inferenceAddress: FREE_PORT,
    managementAddress: FREE_PORT,
    maxRequestSize: 6_553_500,
    maxConnections: 1000,
    cors: {
      allowedOrigin: undefined,
      allowedMethods: undefined,
      allowedHeaders: undefined,
    },
    defaultWorkers: 0,
    maxWorkers: 16,
    inferenceMetrics: true,
    unregisterTimeout: 10_000,
    pingFailsWhenUnhealthy: false,
    tls: { kind: "self-signed" },
    tokens: { inference: undefined, management: undefined },
    ...options.server,
  });
  return {
    server,
    registry,
    infer: (path, init) => ask(server.inferenceAddress, path, init),
    manage: (path, init) => ask(server.managementAddress, path, init),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

async function ask(
  address: ModelServer["inferenceAddress"],
  path: string,
  init: RequestInit = {},
): Promise<Reply> {
  if (address.scheme === "unix") throw new TypeError("fetch needs a port");
  // A connection of its own, closed afterwards: tests leave none behind.
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const url = `${address.scheme}://${address.host}:${address.port}${path}`;
  const response = await fetch(url, { ...init, client });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return {
    status: response.status,
    reason: response.statusText,
    headers: response.headers,
    text,
    json: type === "application/json" && text !== ""
      ? JSON.parse(text)
      : undefined,
  };
}

import type { Registry } from "../workload/mod.ts";
import { connectionLimit } from "./connection_limit.ts";
import {
  answerPreflight,
  corsHeaders,
  type CorsOptions,
  isPreflight,
} from "./cors.ts";
import { descriptionRoute } from "./description.ts";
import { type Face, resourceNotFound, type Route } from "./face.ts";
import { healthRoute } from "./health.ts";
import { inferenceRoute } from "./inference.ts";
import { addressText, type ListenAddress } from "./listen_address.ts";
import { Listener } from "./listener.ts";
import { webRoute } from "./web_route.ts";

/** What a server needs. */
export interface ServerOptions {
  /** The models that it serves; whoever made it closes it, after the server. */
  readonly registry: Registry;
  /** Resolves when the models that are served from the start are registered. */
  readonly started: Promise<void>;
  /** Where predictions are answered. */
  readonly inferenceAddress: ListenAddress;
  /** Where models are registered; one listener does both if it is the same. */
  readonly managementAddress: ListenAddress;
  /** Bytes of the largest request body. */
  readonly maxRequestSize: number;
  /** Connections kept open at a time on each address; 0: as many as possible. */
  readonly maxConnections: number;
  /** Whether `/ping` answers 503 while no model can be served; MMS answers 200. */
  readonly pingFailsWhenUnhealthy: boolean;
  /** What browsers are told. */
  readonly cors: CorsOptions;
  /** Workers of a model that is registered without a number of them. */
  readonly defaultWorkers: number;
  /** How long unregistering waits for the model's last predictions, in ms. */
  readonly unregisterTimeout: number;
}

/** The HTTP face of a registry: the inference and the management API. */
export class ModelServer implements AsyncDisposable {
  /** Where predictions are answered. */
  readonly inferenceAddress: ListenAddress;
  /** Where models are registered. */
  readonly managementAddress: ListenAddress;
  readonly #listeners: readonly Listener[];
  readonly #stopping: AbortController;

  private constructor(
    listeners: readonly [Listener, ...Listener[]],
    stopping: AbortController,
  ) {
    this.#listeners = listeners;
    this.#stopping = stopping;
    this.inferenceAddress = listeners[0].address;
    this.managementAddress = listeners.at(-1)!.address;
  }

  /**
   * Binds the addresses and starts to answer.
   *
   * @throws {MmsError} `io_failed` if an address cannot be bound
   */
  static async start(options: ServerOptions): Promise<ModelServer> {
    const stopping = new AbortController();
    const { registry, inferenceAddress, managementAddress } = options;
    const health = healthRoute({
      ...options,
      isStopping: () => stopping.signal.aborted,
    });
    const inference = inferenceRoute(options);
    const management = managementRoute(options, stopping.signal);
    if (isShared(options)) {
      const listener = await listen(inferenceAddress, options, [
        health,
        descriptionRoute("shared", registry),
        inference,
        management,
      ]);
      return new ModelServer([listener], stopping);
    }
    const first = await listen(inferenceAddress, options, [
      health,
      descriptionRoute("inference", registry),
      inference,
    ]);
    try {
      const second = await listen(managementAddress, options, [
        descriptionRoute("management", registry),
        management,
      ]);
      return new ModelServer([first, second], stopping);
    } catch (error) {
      await first.close(0);
      throw error;
    }
  }

  /**
   * Takes no more requests, answers those it has for at most `graceMs`, then
   * cuts every connection.
   */
  async close(graceMs: number): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#listeners.map((each) => each.close(graceMs)));
  }

  /** Cuts every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
  }
}

function managementRoute(options: ServerOptions, signal: AbortSignal): Route {
  return webRoute(async () => {
    const { managementApp } = await import("./app.ts");
    return managementApp({ ...options, signal });
  });
}

/** Whether both addresses are one; two free ports are two. */
function isShared(options: ServerOptions): boolean {
  const { inferenceAddress, managementAddress } = options;
  const free = inferenceAddress.scheme !== "unix" &&
    inferenceAddress.port === 0;
  return !free &&
    addressText(inferenceAddress) === addressText(managementAddress);
}

async function listen(
  address: ListenAddress,
  options: ServerOptions,
  routes: readonly Route[],
): Promise<Listener> {
  return await Listener.open({
    address,
    face: faceOf(routes, options.cors),
    maxRequestSize: options.maxRequestSize,
    maxConnections: await connectionLimit(options.maxConnections),
    extraHeaders: corsHeaders(options.cors),
  });
}

function faceOf(routes: readonly Route[], cors: CorsOptions): Face {
  return {
    admit: () => {},
    async answer(request) {
      if (isPreflight(request, cors)) return answerPreflight();
      for (const route of routes) {
        const answer = route(request);
        if (answer !== undefined) return await answer;
      }
      throw resourceNotFound();
    },
  };
}

import { connectionLimit } from "./listener/connection_limit.ts";
import { corsHeaders } from "./exchange/cors.ts";
import type { Face } from "./exchange/face.ts";
import {
  type FaceOptions,
  inferenceFace,
  managementFace,
  sharedFace,
} from "./exchange/faces.ts";
import { addressText, type ListenAddress } from "./listener/listen_address.ts";
import { Listener } from "./listener/listener.ts";
import type { TlsSource } from "./tls/tls.ts";

/** What a server needs; whoever made its registry closes that, after the server. */
export interface ServerOptions extends Omit<FaceOptions, "isStopping"> {
  /** Returns the process id of this user's server in the background, if any. */
  readonly backgroundPid?: (() => Promise<number | undefined>) | undefined;
  /** Where the certificate of https addresses comes from. */
  readonly tls: TlsSource;
  /** Bytes of the largest request body. */
  readonly maxRequestSize: number;
  /** Connections kept open at a time on each address; 0: as many as possible. */
  readonly maxConnections: number;
}

/** The HTTP face of a registry: the inference and the management API. */
export class ModelServer implements AsyncDisposable {
  /** Where predictions are answered. */
  readonly inferenceAddress: ListenAddress;
  /** Where models are registered. */
  readonly managementAddress: ListenAddress;
  readonly #listeners: readonly Listener[];
  readonly #stop: () => void;

  private constructor(
    listeners: readonly [Listener, ...Listener[]],
    stop: () => void,
  ) {
    this.#listeners = listeners;
    this.#stop = stop;
    this.inferenceAddress = listeners[0].address;
    this.managementAddress = listeners.at(-1)!.address;
  }

  /**
   * Binds the addresses and starts to answer.
   *
   * @throws {MmsError} `io_failed` if an address cannot be bound;
   * `invalid_settings` if there is no good certificate for https
   */
  static async start(options: ServerOptions): Promise<ModelServer> {
    let isStopping = false;
    const stop = () => void (isStopping = true);
    const faceOptions = { ...options, isStopping: () => isStopping };
    if (isShared(options)) {
      const face = sharedFace(faceOptions);
      const both = await listen(INFERENCE, face, options);
      return new ModelServer([both], stop);
    }
    const face = inferenceFace(faceOptions);
    const first = await listen(INFERENCE, face, options);
    try {
      const face = managementFace(faceOptions);
      const second = await listen(MANAGEMENT, face, options);
      return new ModelServer([first, second], stop);
    } catch (error) {
      await first.close(0);
      throw error;
    }
  }

  /**
   * Reads the certificate of https addresses again: connections that begin
   * from then on get the new one.
   *
   * @throws {MmsError} `invalid_settings` if it is not good; the old one stays
   */
  async reloadCertificate(): Promise<void> {
    for (const listener of this.#listeners) await listener.reloadCertificate();
  }

  /**
   * Takes no more requests, answers those it has for at most `graceMs`, then
   * cuts every connection.
   */
  async close(graceMs: number): Promise<void> {
    this.#stop();
    await Promise.all(this.#listeners.map((each) => each.close(graceMs)));
  }

  /** Cuts every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
  }
}

/** Whether both addresses are one; two free ports are two. */
function isShared(options: ServerOptions): boolean {
  const { inferenceAddress, managementAddress } = options;
  const isFree = inferenceAddress.scheme !== "unix" &&
    inferenceAddress.port === 0;
  return !isFree &&
    addressText(inferenceAddress) === addressText(managementAddress);
}

/** An address, by its key in the options and by its flag. */
const INFERENCE = {
  key: "inferenceAddress",
  flag: "--inference-address",
} as const;
const MANAGEMENT = {
  key: "managementAddress",
  flag: "--management-address",
} as const;

async function listen(
  { key, flag }: typeof INFERENCE | typeof MANAGEMENT,
  face: Face,
  options: ServerOptions,
): Promise<Listener> {
  return await Listener.open({
    address: options[key],
    advice: { flag, backgroundPid: options.backgroundPid },
    face,
    tls: options.tls,
    metrics: options.metrics,
    maxRequestSize: options.maxRequestSize,
    maxConnections: await connectionLimit(options.maxConnections),
    extraHeaders: corsHeaders(options.cors),
  });
}

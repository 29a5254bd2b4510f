/**
 * A real server whose models are Python services.
 *
 * @module
 */

import { addresses, FREE_PORTS, mms } from "../../cli/support/mms.ts";
import { root } from "../../support/paths.ts";
import { tempFolder } from "../../support/temp.ts";
import { PYTHON } from "./python.ts";

/** The services that tests serve. */
export const SERVICES: string = `${root}/tests/python/services`;

/** What a server answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What is asked of a model. */
export interface Question {
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server in the foreground, and what it logs. */
export interface ServiceServer extends AsyncDisposable {
  /** Registers the service in a folder, with one worker unless told otherwise. */
  readonly register: (
    folder: string,
    parameters?: Readonly<Record<string, string | number | boolean>>,
  ) => Promise<Answered>;
  /** Asks the management API for something. */
  readonly manage: (method: string, path: string) => Promise<Answered>;
  /** Asks a model for a prediction. */
  readonly ask: (model: string, question?: Question) => Promise<Answered>;
  /** Waits until the log has a match, and returns it. */
  readonly logged: (pattern: RegExp) => Promise<RegExpMatchArray>;
  /** Returns what it has logged so far. */
  readonly log: () => string;
  /** Sends it a signal. */
  readonly kill: (signal: Deno.Signal) => void;
}

/** Starts a server without models. */
export async function serviceServer(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceServer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await tempFolder());
  const store = args.includes("--model-store")
    ? []
    : ["--model-store", SERVICES];
  const child = mms([
    ...["serve", "--python", PYTHON, "--cache-dir", `${folder.path}/cache`],
    ...[...FREE_PORTS, ...store, ...args],
  ], { folder, env }).spawn();
  const log = new Watched(child.stderr);
  const out = new Watched(child.stdout);
  stack.defer(() => end(child, [log, out]));
  const [said] = await Promise.race([
    out.match(/[^]*Model server started\./),
    // Once it has ended, this says why.
    log.ended.then(() => log.match(/Model server started\./)),
  ]);
  const { inference, management } = addresses(said);
  const held = stack.move();
  return {
    register: (url, parameters = {}) =>
      answered(`${management}/models`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          ...{ url, initial_workers: 1, synchronous: true },
          ...parameters,
        }),
      }),
    manage: (method, path) => answered(`${management}${path}`, { method }),
    ask: (model, question = {}) =>
      answered(`${inference}/predictions/${model}`, {
        method: "POST",
        ...question,
      }),
    logged: (pattern) => log.match(pattern),
    log: () => log.text,
    kill: (signal) => child.kill(signal),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function end(
  child: Deno.ChildProcess,
  outputs: readonly Watched[],
): Promise<void> {
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended by itself, which a test has noticed.
  }
  await Promise.all([child.status, ...outputs.map((output) => output.ended)]);
}

async function answered(url: string, init: RequestInit): Promise<Answered> {
  const response = await fetch(url, init);
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

/** Output that is looked through while it comes. */
class Watched {
  /** Settles when there is no more to come. */
  readonly ended: Promise<void>;
  #text = "";
  #grown = Promise.withResolvers<void>();
  #complete = false;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.ended = this.#read(stream);
  }

  get text(): string {
    return this.#text;
  }

  async match(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const found = this.#text.match(pattern);
      if (found !== null) return found;
      if (this.#complete) throw new Error(`No ${pattern} in:\n${this.#text}`);
      await this.#grown.promise;
    }
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#text += text;
      this.#grow();
    }
    this.#complete = true;
    this.#grow();
  }

  #grow(): void {
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }
}

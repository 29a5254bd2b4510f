/**
 * Callers that keep accounts.
 *
 * @module
 */

import { HttpClient } from "../../server/support/http_client.ts";
import type { Ledger, Reply } from "./ledger.ts";
import {
  newQuestion,
  type Question,
  SIDE,
  type WorkSign,
} from "./work_model.ts";

/** Where a caller asks, and who keeps its accounts. */
export interface CallerOptions {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** The model's name. */
  readonly model: string;
  readonly ledger: Ledger;
  /** Which graph may answer; the positive one unless said otherwise. */
  readonly signs?: readonly WorkSign[];
}

/** One caller, on a connection that it keeps as long as the server does. */
export class Caller implements Disposable {
  readonly #options: CallerOptions;
  #client: HttpClient | undefined;
  /** The request that was answered last. */
  #last = "nothing";

  /** Connects with its first request. */
  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /**
   * Asks and notes the reply; returns `undefined` where the connection ended
   * without one.
   */
  async ask(question: Question): Promise<Reply | undefined> {
    const { ledger, model } = this.#options;
    const client = this.#client ??= await this.#connect();
    const { signs = ["positive"] } = this.#options;
    const { id, answers } = question;
    ledger.expect(id, ...signs.map((sign) => answers[sign]));
    try {
      const { status, text, headers } = await client.ask(
        `POST /predictions/${model}`,
        {
          headers: { "Content-Type": "application/json" },
          body: question.body,
        },
      );
      ledger.note(id, { status, text });
      this.#last = id;
      if (headers.get("connection") === "close") this.hangUp();
      return { status, text };
    } catch {
      // The ledger misses it.
      this.hangUp();
      return undefined;
    }
  }

  /** Ends its connection; what came beyond the last answer is no one's. */
  hangUp(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    if (client.surplus > 0) {
      this.#options.ledger.note(this.#last, { status: 0, text: "surplus" });
    }
    client[Symbol.dispose]();
  }

  /** Ends its connection. */
  [Symbol.dispose](): void {
    this.hangUp();
  }

  async #connect(): Promise<HttpClient> {
    const { hostname, port } = new URL(this.#options.address);
    return new HttpClient(
      await Deno.connect({ hostname, port: Number(port) }),
    );
  }
}

/** How many ask for how much, and until when. */
export interface Load extends CallerOptions {
  readonly callers: number;
  /** How much work each request is; quick unless said otherwise. */
  readonly side?: number;
}

/** Callers at work. */
export interface Callers extends AsyncDisposable {
  /** Has each finish its request, and waits for all. */
  readonly end: () => Promise<void>;
  /** Waits until so many more requests have been answered. */
  readonly answered: (count: number) => Promise<void>;
}

/** Has callers ask one request after the other until they are told to end. */
export function startCallers(load: Load): Callers {
  let over = false;
  let count = 0;
  const run = async () => {
    using caller = new Caller(load);
    while (!over) {
      await caller.ask(newQuestion(load.side ?? SIDE.busy));
      count++;
    }
  };
  const all = Promise.all(Array.from({ length: load.callers }, run));
  // Who waits for it hears of it.
  all.catch(() => {});
  const end = async () => {
    over = true;
    await all;
  };
  return {
    end,
    async answered(more) {
      const goal = count + more;
      await eventually(`${more} answers`, () => count >= goal);
    },
    [Symbol.asyncDispose]: end,
  };
}

/** A machine that is busy with other tests may be slow. */
const PATIENCE_MS = 60_000;

/** Waits until something is so, at most a minute. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!await isSo()) {
    if (performance.now() > end) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

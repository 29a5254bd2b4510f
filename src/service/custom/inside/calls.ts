import type {
  About,
  Call,
  CallResult,
  CrossingAnswer,
  PackedBytes,
  Thrown,
} from "../messages.ts";
import { Context } from "./context.ts";
import type { EntryPoint } from "./entry_point.ts";
import { handOverAll } from "../hand_over.ts";
import { Packing } from "../packing.ts";
import { type Host, HostError } from "./host.ts";
import { kindOf } from "./kind_of.ts";
import { NoAnswer } from "./no_answer.ts";
import { PredictionError } from "./prediction_error.ts";
import { Request } from "./request.ts";

/** Results that took longer are told before the next call is begun, in ms. */
const FLUSH_MS = 1;

/** MMS's texts for what is not one answer for each request. */
const NO_LIST = "Invalid model predict output";
const MISMATCHED = "number of batch response mismatched";

/** Does what the worker asks, batches one by one. */
export class Calls {
  readonly #host: Host;
  readonly #about: About;
  readonly #entry: EntryPoint;
  #last: Promise<void> = Promise.resolve();
  #results: CallResult[] = [];
  /** What crosses with the results. */
  readonly #packing = new Packing();
  #since = 0;

  /** Answers through the host. */
  constructor(host: Host, about: About, entry: EntryPoint) {
    this.#host = host;
    this.#about = about;
    this.#entry = entry;
  }

  /** Takes calls, in their order. */
  take(calls: readonly Call[], packed: Uint8Array): void {
    this.#last = this.#last.then(() => this.#doAll(calls, packed));
  }

  async #doAll(calls: readonly Call[], packed: Uint8Array): Promise<void> {
    this.#since = performance.now();
    const steps: Promise<void>[] = [];
    for (const call of calls) {
      // Steps of different requests do not wait for each other.
      if (call.kind !== "handle") steps.push(this.#do(call, packed));
      else await this.#do(call, packed);
    }
    await Promise.all(steps);
    this.#flush();
  }

  async #do(call: Call, packed: Uint8Array): Promise<void> {
    const { id } = call;
    const started = performance.now();
    const requests = requestsOf(call, packed);
    const context = new Context(this.#host, this.#about, requests);
    let outcome: { readonly value: unknown } | { readonly error: Thrown };
    try {
      outcome = { value: await this.#value(call, context) };
    } catch (error) {
      outcome = { error: describe(error) };
    }
    const now = performance.now();
    const metrics = context.metrics.take();
    const ms = now - started;
    this.#results.push(
      metrics.length > 0
        ? { id, ms, ...outcome, metrics }
        : { id, ms, ...outcome },
    );
    if (now - this.#since > FLUSH_MS) this.#flush();
  }

  async #value(call: Call, context: Context): Promise<unknown> {
    const requests = context.requests;
    if (call.kind === "handle") {
      const values = await this.#entry.call("handle", requests, context);
      const answers = await answersOf(values, requests, context);
      return answers.map((it) => this.#answer(it));
    }
    const [request] = requests;
    if (call.kind === "preprocess") {
      const feeds = await this.#entry.call("preprocess", request, context);
      return handOverAll(feeds, this.#packing.transfer);
    }
    const value = await this.#entry.call(
      "postprocess",
      call.outputs,
      request,
      context,
    );
    if (value instanceof Error) throw value;
    return this.#answer(context.crossing(value, 0));
  }

  #flush(): void {
    if (this.#results.length === 0) return;
    const results = this.#results;
    const { packed, transfer } = this.#packing.take();
    this.#results = [];
    this.#since = performance.now();
    try {
      this.#host.tell({ type: "done", results, packed }, transfer);
    } catch (error) {
      // Something of it is no plain data.
      const thrown = describe(error);
      this.#host.tell({
        type: "done",
        results: results.map(({ id, ms }) => ({ id, ms, error: thrown })),
        packed: new Uint8Array(),
      });
    }
  }

  /** What a service does with the body after that is of no matter. */
  #answer(answer: CrossingAnswer): CrossingAnswer<PackedBytes> {
    return "error" in answer
      ? answer
      : { ...answer, body: this.#packing.add(answer.body) };
  }
}

function requestsOf(call: Call, packed: Uint8Array): readonly Request[] {
  return call.kind === "handle"
    ? call.requests.map((it) => new Request(it, packed))
    : [new Request(call.request, packed)];
}

/** Answers may be late, and fail alone. */
async function answersOf(
  values: unknown,
  requests: readonly Request[],
  context: Context,
): Promise<readonly CrossingAnswer[]> {
  requireAnswers(values, requests.length);
  return await Promise.all(values.map(async (late, i) => {
    try {
      const value = await late;
      if (value instanceof Error) throw value;
      return context.crossing(value, i);
    } catch (error) {
      return { error: describe(error) };
    }
  }));
}

function requireAnswers(
  values: unknown,
  count: number,
): asserts values is readonly unknown[] {
  if (!Array.isArray(values)) {
    const why = `handle returned ${kindOf(values)}`;
    const right = "an array with an answer for each request would be right";
    throw new NoAnswer(NO_LIST, `${why}, ${right}`);
  }
  if (values.length === count) return;
  const returned = counted(values.length, "answer");
  const why = `handle returned ${returned} for ${counted(count, "request")}`;
  throw new NoAnswer(MISMATCHED, `${why}, one for each would be right`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Says what was thrown, whatever it is. */
export function describe(thrown: unknown): Thrown {
  if (!(thrown instanceof Error)) {
    return { message: String(thrown), stack: "" };
  }
  const { message, stack } = thrown;
  const said = { message: String(message), stack: String(stack ?? "") };
  if (thrown instanceof NoAnswer) {
    return { ...said, status: thrown.status, why: thrown.why };
  }
  if (thrown instanceof PredictionError) {
    return { ...said, status: Number(thrown.status) };
  }
  if (thrown instanceof HostError) return { ...said, code: thrown.code };
  return said;
}

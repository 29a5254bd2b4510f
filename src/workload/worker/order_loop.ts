import type { ModelArchive } from "../../archive/mod.ts";
import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { Inputs, Prediction, Service } from "../../service/mod.ts";
import { describeError } from "../protocol/crossing_error.ts";
import type { FrameReader } from "../protocol/frame_reader.ts";
import type { FrameWriter } from "../protocol/frame_writer.ts";
import type { Load } from "../protocol/messages.ts";
import { Observed } from "./observed.ts";
import { type OrderRead, readOrder } from "../protocol/orders.ts";
import {
  appendFailed,
  appendLoaded,
  appendPredicted,
  type Outcome,
} from "../protocol/replies.ts";

/** Loads the service of a model. */
export type LoadModel = (archive: ModelArchive, load: Load) => Promise<Service>;

/** Whose orders are followed, and how. */
export interface OrderLoopOptions {
  readonly reader: FrameReader;
  readonly writer: FrameWriter;
  readonly loadModel: LoadModel;
  /** Called once the model is loaded and warm, before the front is told. */
  readonly onLoaded: (service: Service) => Promise<void>;
}

/** An order, and what has been begun of it. */
type Begun = OrderRead | Asked;

/** A batch that may be under way. */
type Asked = Extract<OrderRead, { readonly type: "predict" }> & {
  readonly run?: Promise<Ran>;
};

/** What came of a batch. */
type Ran = Omit<Outcome, "ms">;

/** A batch that took longer is answered before the next one is begun, in ms. */
const FLUSH_MS = 1;

/** MMS's text for a service that threw something of its own. */
const FAILED = "Prediction failed";

/** MMS's text for a service that does not answer request by request. */
const MISMATCHED = "number of batch response mismatched";

/** Does what the front asks, in order, until it hangs up or says `stop`. */
export class OrderLoop implements AsyncDisposable {
  readonly #options: OrderLoopOptions;
  #service: Service | undefined;
  #maxResponseBytes = 0;

  /** Has no model yet: the front says which. */
  constructor(options: OrderLoopOptions) {
    this.#options = options;
  }

  /** Runs until there is nothing more to do. */
  async run(): Promise<void> {
    const { reader, writer } = this.#options;
    for (;;) {
      const frames = await reader.receive();
      if (frames === undefined) return;
      for (const order of this.#begun(frames.map(readOrder))) {
        if (!await this.#follow(order)) return;
      }
      // The input is used up: a good moment.
      await writer.flush();
    }
  }

  /** Lets go of the service. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service?.[Symbol.asyncDispose]();
  }

  /** Returns whether there is more to do. */
  async #follow(order: Begun): Promise<boolean> {
    switch (order.type) {
      case "load":
        await this.#load(order.load, order.archive);
        return true;
      case "predict":
        await this.#predict(order);
        if (order.isPrompt) await this.#options.writer.flush();
        return !this.#service?.isOver;
      case "stop":
        return false;
    }
  }

  /** A service that can do several at once has all of them begun. */
  #begun(orders: readonly OrderRead[]): readonly Begun[] {
    if (!this.#service?.isConcurrent) return orders;
    return orders.map((order) => {
      if (order.type !== "predict") return order;
      const run = this.#run(order.batch);
      // It is awaited in its turn.
      run.catch(() => {});
      return { ...order, run };
    });
  }

  async #load(load: Load, archive: ModelArchive): Promise<void> {
    const { writer, loadModel, onLoaded } = this.#options;
    this.#maxResponseBytes = load.maxResponseBytes;
    try {
      this.#service = await loadModel(archive, load);
      await this.#service.warmUp();
      await onLoaded(this.#service);
      appendLoaded(writer, load.id, this.#service.kind);
    } catch (error) {
      logUnlessExpected(error);
      appendFailed(
        writer,
        load.id,
        describeError(error, "load_failed", messageOf(error)),
      );
    }
  }

  async #predict({ id, batch, run }: Asked): Promise<void> {
    const { writer } = this.#options;
    const started = performance.now();
    try {
      const ran = await (run ?? this.#run(batch));
      const ms = millisecondsSince(started);
      appendPredicted(writer, id, { ...ran, ms });
    } catch (error) {
      logUnlessExpected(error);
      appendFailed(
        writer,
        id,
        describeError(error, "prediction_failed", FAILED),
      );
    }
    if (performance.now() - started > FLUSH_MS) await writer.flush();
  }

  async #run(batch: readonly Inputs[]): Promise<Ran> {
    if (this.#service === undefined) {
      throw new MmsError("prediction_failed", "No model is loaded");
    }
    const seen = new Observed();
    const results = await this.#service.predict(
      batch,
      seen.record,
      seen.measure,
    );
    if (results.length !== batch.length) {
      throw new MmsError("prediction_failed", MISMATCHED);
    }
    const { stages, metrics } = seen;
    const sendable = results.every((result) => this.#isSendable(result))
      ? results
      : results.map((result) => this.#madeSendable(result));
    return { results: sendable, stages, metrics };
  }

  #isSendable(result: PromiseSettledResult<Prediction>): boolean {
    return result.status === "fulfilled" &&
      result.value.body.length <= this.#maxResponseBytes;
  }

  #madeSendable(
    result: PromiseSettledResult<Prediction>,
  ): PromiseSettledResult<Prediction> {
    if (result.status === "rejected") {
      logUnlessExpected(result.reason);
      return result;
    }
    if (this.#isSendable(result)) return result;
    return {
      status: "rejected",
      reason: new MmsError(
        "response_too_large",
        `Cannot answer with ${result.value.body.length} bytes: at most ${this.#maxResponseBytes} are allowed`,
      ),
    };
  }
}

/** What a service was not written to throw is for its author to read. */
function logUnlessExpected(error: unknown): void {
  if (error instanceof MmsError) return;
  const stack = error instanceof Error ? error.stack : undefined;
  logger("worker").error("{stack}", { stack: stack ?? messageOf(error) });
}

/** Rounded to microseconds, which are shorter to write. */
function millisecondsSince(started: number): number {
  return Math.round((performance.now() - started) * 1000) / 1000;
}

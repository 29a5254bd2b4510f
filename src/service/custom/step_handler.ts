import { messageOf } from "../../errors.ts";
import type { Feeds } from "../../tensor/mod.ts";
import type { Handler, Inputs, Measure, Prediction } from "../service.ts";
import type { Complaints } from "./complaints.ts";
import { crossingRequest, predictionOf } from "./crossing.ts";
import { handOverAll } from "./hand_over.ts";
import { readFeeds } from "./read_feeds.ts";
import { readAnswer, readMetrics } from "./replies.ts";
import type { Sandbox } from "./sandbox.ts";
import { type CallBody, type Outcome, ServiceError } from "./sandbox_parts.ts";

/** What the steps of a custom service are made of. */
export interface StepHandlerParts {
  readonly sandbox: Sandbox;
  readonly complaints: Complaints;
  /** Takes the steps that are not the service's own. */
  readonly base: Handler;
  /** The steps that are. */
  readonly own: readonly string[];
}

/** The steps around a graph, of which a custom service takes some or all. */
export class StepHandler implements Handler {
  /** Requests cross together. */
  readonly isConcurrent = true;
  readonly #parts: StepHandlerParts;

  /** Has the sandbox take the service's own steps. */
  constructor(parts: StepHandlerParts) {
    this.#parts = parts;
  }

  /** Whether the service has broken its sandbox. */
  get isOver(): boolean {
    return this.#parts.sandbox.isOver;
  }

  /** Settles when it has. */
  get ended(): Promise<void> {
    return this.#parts.sandbox.ended;
  }

  /** Turns a request into tensors. */
  async preprocess(inputs: Inputs, measure?: Measure): Promise<Feeds> {
    const { base, own } = this.#parts;
    if (!own.includes("preprocess")) return await base.preprocess(inputs);
    const request = crossingRequest(inputs);
    const call: CallBody = { kind: "preprocess", request };
    const { value: feeds } = await this.#call(call, measure);
    return this.#checked("preprocess", () => readFeeds(feeds));
  }

  /** Turns outputs into an answer. */
  async postprocess(
    outputs: Feeds,
    inputs: Inputs,
    measure?: Measure,
  ): Promise<Prediction> {
    const { base, complaints } = this.#parts;
    if (!this.#parts.own.includes("postprocess")) {
      return await base.postprocess(outputs, inputs);
    }
    const request = crossingRequest(inputs);
    // Parts of larger arrays would take those along.
    const own = handOverAll(outputs, []) as Feeds;
    const call: CallBody = { kind: "postprocess", request, outputs: own };
    const { value, packed } = await this.#call(call, measure);
    const prediction = predictionOf(readAnswer(value, packed));
    if ("body" in prediction) return prediction;
    throw complaints.refusal(new ServiceError(prediction));
  }

  /** Looks at what a step gave, and tells its author where that is not right. */
  #checked<T>(step: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.#parts.complaints.say(`${step}: ${messageOf(error)}`);
      throw error;
    }
  }

  async #call(
    call: CallBody,
    measure: Measure = () => {},
  ): Promise<Outcome> {
    const { sandbox, complaints } = this.#parts;
    try {
      const outcome = await sandbox.call(call);
      for (const metric of readMetrics(outcome.metrics)) measure(metric);
      return outcome;
    } catch (error) {
      throw complaints.refusal(error);
    }
  }
}

import { MmsError } from "../../errors.ts";
import type {
  Inputs,
  Measure,
  Prediction,
  Service,
  ServiceKind,
  StageRecorder,
} from "../service.ts";
import type { Complaints } from "./complaints.ts";
import { crossingRequest, predictionOf } from "./crossing.ts";
import { readAnswer, readMetrics, requireList } from "./replies.ts";
import type { Sandbox } from "./sandbox.ts";
import { ServiceError } from "./sandbox_parts.ts";

/** What a service that answers batches itself is made of. */
export interface HandleServiceParts {
  readonly kind: ServiceKind;
  readonly sandbox: Sandbox;
  readonly complaints: Complaints;
  /** The sandbox, and what it leans on. */
  readonly resources: AsyncDisposable;
}

type Settled = PromiseSettledResult<Prediction>;

/** A custom service whose `handle` answers batches. */
export class HandleService implements Service {
  /** Which one it is. */
  readonly kind: ServiceKind;
  /** Batches cross together, and are answered one by one. */
  readonly isConcurrent = true;
  readonly #parts: HandleServiceParts;

  /** Takes over the resources, and releases them when disposed of. */
  constructor(parts: HandleServiceParts) {
    this.kind = parts.kind;
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

  /** Does nothing: what a service makes of made-up inputs nobody knows. */
  warmUp(): Promise<void> {
    return Promise.resolve();
  }

  /** Answers each request; where the service throws, all are told why. */
  async predict(
    batch: readonly Inputs[],
    _record?: StageRecorder,
    measure: Measure = () => {},
  ): Promise<readonly Settled[]> {
    const { sandbox, complaints } = this.#parts;
    const requests = batch.map(crossingRequest);
    try {
      const { value, metrics, packed } = await sandbox.call({
        kind: "handle",
        requests,
      });
      for (const metric of readMetrics(metrics)) measure(metric);
      return this.#answers(requireList(value, "answers"), {
        ...{ packed, count: batch.length },
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const settled = complaints.settle(error.thrown);
      return batch.map(() => settled);
    }
  }

  /** Ends the sandbox. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.resources[Symbol.asyncDispose]();
  }

  #answers(
    answers: readonly unknown[],
    { packed, count }: {
      readonly packed: Uint8Array;
      readonly count: number;
    },
  ): readonly Settled[] {
    if (answers.length !== count) {
      throw new MmsError(
        "prediction_failed",
        "number of batch response mismatched",
      );
    }
    return answers.map((answer) => {
      const prediction = predictionOf(readAnswer(answer, packed));
      return "body" in prediction
        ? { status: "fulfilled", value: prediction }
        : this.#parts.complaints.settle(prediction);
    });
  }
}

import type { CustomMetric } from "../metrics.ts";
import type { Feeds } from "../tensor/mod.ts";

/** One value that a caller sent. */
export interface Field {
  /** The bare MIME type, or `""` where the caller named none. */
  readonly contentType: string;
  /** The value itself. */
  readonly data: Uint8Array;
}

/** What one caller sent, by field name; a raw body is the field `body`. */
export interface Inputs {
  /** What the request is called in logs. */
  readonly requestId: string;
  /** Of fields of one name, the last. */
  readonly fields: ReadonlyMap<string, Field>;
  /** The request's headers as they were written; of duplicates, the last. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What goes back to one caller. */
export interface Prediction {
  /** HTTP status, 200 to 599. */
  readonly status: number;
  /** HTTP reason phrase, may be empty. */
  readonly reason: string;
  /** Headers besides `content-type`, as they are to be written. */
  readonly headers: Readonly<Record<string, string>>;
  /** The MIME type of `body`, or `""` for none. */
  readonly contentType: string;
  /** What is answered. */
  readonly body: Uint8Array;
}

/** Returns a successful prediction that answers with `value` as JSON. */
export function jsonPrediction(value: unknown): Prediction {
  return jsonTextPrediction(JSON.stringify(value));
}

/** Returns a successful prediction that answers with JSON text as it is. */
export function jsonTextPrediction(json: string): Prediction {
  return {
    status: 200,
    reason: "",
    headers: {},
    contentType: "application/json",
    body: new TextEncoder().encode(json),
  };
}

/** The parts of a prediction whose durations are of interest. */
export type Stage = "preprocess" | "run" | "postprocess";

/** Takes note of how long a stage took, in ms. */
export type StageRecorder = (stage: Stage, ms: number) => void;

/** Takes note of what a service measured itself. */
export type Measure = (metric: CustomMetric) => void;

/** Which service a model got. */
export interface ServiceKind {
  /** `mms:image` and its like, or what runs the model's own code. */
  readonly name: string;
  /** Why: a sentence without its first capital and final period. */
  readonly reason: string;
}

/** Answers batches of requests. */
export interface Service extends AsyncDisposable {
  /** Which one it is, where there is a choice. */
  readonly kind?: ServiceKind;
  /** Whether it may be given a batch before it has answered the last one. */
  readonly isConcurrent?: boolean;
  /** Whether it has come to its end: its process is to be replaced. */
  readonly isOver?: boolean;
  /** Settles when it has come to its end, if it ever does by itself. */
  readonly ended?: Promise<void> | undefined;
  /** Runs once on made-up inputs, so that the first caller need not wait. */
  warmUp(): Promise<void>;
  /**
   * Answers each request of a batch, in order; one that fails is rejected
   * alone where the failure is its own.
   */
  predict(
    batch: readonly Inputs[],
    record?: StageRecorder,
    measure?: Measure,
  ): Promise<readonly PromiseSettledResult<Prediction>[]>;
}

/** Thrown by a step of a handler: the answer is known without the other steps. */
export class EarlyAnswer extends Error {
  /** The answer. */
  readonly prediction: Prediction;

  /** Makes it of the answer. */
  constructor(prediction: Prediction) {
    super("The answer is known");
    this.prediction = prediction;
  }
}

/** The part of a service that looks at one request at a time. */
export interface Handler {
  /** Whether requests never share a run of the graph; they may if left out. */
  readonly runsAlone?: boolean;
  /** Whether several requests may be in a step at once; not if left out. */
  readonly isConcurrent?: boolean;
  /** Whether it has come to its end, and its service with it. */
  readonly isOver?: boolean;
  /** Settles when it has come to its end, if it ever does by itself. */
  readonly ended?: Promise<void> | undefined;
  /**
   * Turns what one caller sent into tensors with a batch axis, by the graph's
   * names.
   *
   * @throws {MmsError} `bad_request` if the inputs do not fit the signature
   */
  preprocess(inputs: Inputs, measure?: Measure): Feeds | Promise<Feeds>;
  /** Turns one caller's share of the outputs, batch axis kept, into an answer. */
  postprocess(
    outputs: Feeds,
    inputs: Inputs,
    measure?: Measure,
  ): Prediction | Promise<Prediction>;
}

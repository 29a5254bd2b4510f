import type { Runtime } from "../../archive/mod.ts";
import type { ErrorCode } from "../../errors.ts";
import type { ServiceKind, Stage } from "../../service/mod.ts";

/**
 * The messages between the front and a worker, as their headers are written.
 * Frames are as `frame.ts` has them; a worker answers in the order in which it
 * was asked, with the id it was asked under.
 */
export type Order = Load | Predict | Stop;

/** What a worker sends, `hello` first and once. */
export type Reply = Hello | Loaded | Predicted | Failed;

/** The version of the protocol that {@linkcode Hello} states. */
export const PROTOCOL = 1;

/** Worker → front: who connected. */
export interface Hello {
  readonly type: "hello";
  readonly id: 0;
  readonly protocol: typeof PROTOCOL;
  /** The line that the worker read from its standard input. */
  readonly secret: string;
}

/** Front → worker: what to serve. The body is the `ModelArchive`, as JSON. */
export interface Load {
  readonly type: "load";
  readonly id: number;
  /** What the model is registered as. */
  readonly name: string;
  /** Replaces the manifest's handler. */
  readonly handler?: string;
  /** As `RegisterOptions.service` has it; `auto` where left out. */
  readonly service?: "python";
  readonly runtime: Runtime;
  /** Threads within one operator, 1 or more. */
  readonly threads: number;
  /** Requests in a `predict` at most, 1 or more. */
  readonly batchSize: number;
  /** The longest body of one answer. */
  readonly maxResponseBytes: number;
  /** Where converted checkpoints are kept. */
  readonly cacheFolder?: string;
}

/** Worker → front: the model is loaded and warm. */
export interface Loaded {
  readonly type: "loaded";
  readonly id: number;
  /** Which service it got, where there was a choice. */
  readonly service?: ServiceKind;
}

/** Front → worker: one batch. The body is the data of all fields in order. */
export interface Predict {
  readonly type: "predict";
  readonly id: number;
  /**
   * Whether it is to be answered before the next batch is begun; otherwise the
   * answers to quick batches may wait for each other. Absent for no.
   */
  readonly prompt?: true;
  readonly requests: readonly RequestHeader[];
}

/** One request of a batch. */
export interface RequestHeader {
  /** The request id that its caller sees. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: readonly FieldHeader[];
}

/** One field of a request. */
export interface FieldHeader {
  readonly name: string;
  /** The bare MIME type, or `""`. */
  readonly contentType: string;
  /** Bytes of the body that are its data. */
  readonly length: number;
}

/**
 * Worker → front: one answer for each request of the batch, in order. The body
 * is the bodies of the predictions among them.
 */
export interface Predicted {
  readonly type: "predicted";
  readonly id: number;
  /** How long the batch took, in ms. */
  readonly ms: number;
  /** How long each stage took, in ms, where the service tells. */
  readonly stages?: StageTimes;
  /** What the service measured itself. */
  readonly metrics?: readonly MetricHeader[];
  readonly answers: readonly (PredictionHeader | ErrorHeader)[];
}

/** One value that a service measured; the model's name is added to it. */
export interface MetricHeader {
  readonly name: string;
  readonly value: number | string;
  /** `ms`, `s`, `percent`, `count`, `B`, `kB`, `MB`, `GB` or any other word. */
  readonly unit?: string;
  /** The id of its request, or those of several joined with commas. */
  readonly requestId?: string;
  readonly dimensions?: readonly (readonly [name: string, value: string])[];
}

/** Durations of stages, in ms. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** One prediction; what is left out has the value that most have. */
export interface PredictionHeader {
  /** 200 where left out. */
  readonly status?: number;
  /** Empty where left out. */
  readonly reason?: string;
  /** None where left out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** None where left out. */
  readonly contentType?: string;
  /** Bytes of the body that are its own. */
  readonly length: number;
}

/** A request that got no prediction. */
export interface ErrorHeader {
  readonly error: ErrorDescription;
}

/** How an error crosses from process to process. */
export interface ErrorDescription {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Worker → front: a `load` or a whole batch that came to nothing. */
export interface Failed {
  readonly type: "failed";
  readonly id: number;
  readonly error: ErrorDescription;
}

/** Front → worker: end. */
export interface Stop {
  readonly type: "stop";
  readonly id: number;
}

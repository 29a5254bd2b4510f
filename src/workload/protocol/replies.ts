import type { Prediction, ServiceKind } from "../../service/mod.ts";
import { describeError } from "./crossing_error.ts";
import type { FrameWriter } from "./frame_writer.ts";
import {
  type ErrorDescription,
  type ErrorHeader,
  type Failed,
  type Hello,
  type Loaded,
  type MetricHeader,
  type Predicted,
  type PredictionHeader,
  PROTOCOL,
  type StageTimes,
} from "./messages.ts";

/** What a worker found out about one batch. */
export interface Outcome {
  readonly results: readonly PromiseSettledResult<Prediction>[];
  /** How long it took, in ms. */
  readonly ms: number;
  readonly stages: StageTimes | undefined;
  readonly metrics?: readonly MetricHeader[] | undefined;
}

/** Appends `hello`. */
export function appendHello(writer: FrameWriter, secret: string): void {
  const header: Hello = { type: "hello", id: 0, protocol: PROTOCOL, secret };
  writer.append(JSON.stringify(header), []);
}

/** Appends `loaded`. */
export function appendLoaded(
  writer: FrameWriter,
  id: number,
  service?: ServiceKind,
): void {
  const header: Loaded = service === undefined
    ? { type: "loaded", id }
    : { type: "loaded", id, service };
  writer.append(JSON.stringify(header), []);
}

/** Appends `failed`. */
export function appendFailed(
  writer: FrameWriter,
  id: number,
  error: ErrorDescription,
): void {
  const header: Failed = { type: "failed", id, error };
  writer.append(JSON.stringify(header), []);
}

/** Appends `predicted`. */
export function appendPredicted(
  writer: FrameWriter,
  id: number,
  { results, ms, stages, metrics }: Outcome,
): void {
  const parts: Uint8Array[] = [];
  const answers = results.map((result) => answerHeader(result, parts));
  const header: Predicted = {
    type: "predicted",
    id,
    ms,
    ...stages !== undefined && { stages },
    ...metrics !== undefined && { metrics },
    answers,
  };
  writer.append(JSON.stringify(header), parts);
}

function answerHeader(
  result: PromiseSettledResult<Prediction>,
  parts: Uint8Array[],
): PredictionHeader | ErrorHeader {
  if (result.status === "rejected") {
    return {
      error: describeError(
        result.reason,
        "prediction_failed",
        "Prediction failed",
      ),
    };
  }
  const { body } = result.value;
  parts.push(body);
  return predictionHeader(result.value);
}

/** Most predictions are plain, and quicker to read for saying no more than that. */
function predictionHeader(prediction: Prediction): PredictionHeader {
  const { status, reason, headers, contentType, body } = prediction;
  const length = body.length;
  const isPlain = status === 200 && reason === "" && isEmpty(headers);
  return isPlain
    ? { contentType, length }
    : { status, reason, headers, contentType, length };
}

function isEmpty(headers: Readonly<Record<string, string>>): boolean {
  for (const _name in headers) return false;
  return true;
}

import { MmsError } from "../../errors.ts";
import type { CustomMetric } from "../../metrics.ts";
import type { Prediction, ServiceKind } from "../../service/mod.ts";
import { readError } from "./crossing_error.ts";
import {
  refuse,
  requireAmount,
  requireArray,
  requireCount,
  requireObject,
  requireText,
  requireTexts,
} from "./door.ts";
import type { Frame } from "./frame.ts";
import { PROTOCOL, type StageTimes } from "./messages.ts";
import { readMetrics } from "./metric_reader.ts";

/** What one caller is told. */
export type Answer = Prediction | MmsError;

/** What a worker has to say, as the front reads it. */
export type ReplyRead =
  | LoadedRead
  | PredictedRead
  | { readonly type: "failed"; readonly id: number; readonly error: MmsError };

/** The model is loaded and warm. */
export interface LoadedRead {
  readonly type: "loaded";
  readonly id: number;
  /** Where the worker says. */
  readonly service?: ServiceKind;
}

/** The answers to one batch. */
export interface PredictedRead {
  readonly type: "predicted";
  readonly id: number;
  /** How long the batch took, in ms. */
  readonly ms: number;
  readonly stages: StageTimes;
  /** What the service measured itself. */
  readonly metrics: readonly CustomMetric[];
  /** One for each request, in order; bodies are copies. */
  readonly answers: readonly Answer[];
}

const NO_STAGES: StageTimes = {};
const NO_HEADERS: Readonly<Record<string, string>> = {};

/** RFC 9110 §5.5 and RFC 9112 §4: what may stand in a header or a reason. */
const VISIBLE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** RFC 9110 §5.6.2: `token`. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** @throws {MmsError} `worker_died` unless the frame is a right `hello` */
export function readHello(frame: Frame): string {
  const header = requireObject(frame.header, "header");
  if (header.type !== "hello") refuse("type", '"hello", as the first');
  if (header.protocol !== PROTOCOL) refuse("protocol", String(PROTOCOL));
  return requireText(header.secret, "secret");
}

/** @throws {MmsError} `worker_died` if the frame is no reply */
export function readReply(frame: Frame): ReplyRead {
  const header = requireObject(frame.header, "header");
  const id = requireCount(header.id, "id");
  switch (header.type) {
    case "predicted":
      return {
        type: "predicted",
        id,
        ms: requireAmount(header.ms, "ms"),
        stages: readStages(header.stages),
        metrics: readMetrics(header.metrics),
        answers: readAnswers(header.answers, frame.body),
      };
    case "loaded":
      return { type: "loaded", id, ...readService(header.service) };
    case "failed":
      return { type: "failed", id, error: readError(header.error) };
    default:
      refuse("type", '"loaded", "predicted" or "failed"');
  }
}

function readService(value: unknown): { readonly service?: ServiceKind } {
  if (value === undefined) return {};
  const service = requireObject(value, "service");
  return {
    service: {
      name: requireText(service.name, "service name"),
      reason: requireText(service.reason, "service reason"),
    },
  };
}

function readStages(value: unknown): StageTimes {
  if (value === undefined) return NO_STAGES;
  const stages = requireObject(value, "stages");
  for (const name in stages) requireAmount(stages[name], "stage");
  return stages as StageTimes; // Each one was looked at.
}

function readAnswers(value: unknown, body: Uint8Array): readonly Answer[] {
  const answers: Answer[] = [];
  let offset = 0;
  for (const item of requireArray(value, "answers")) {
    const answer = requireObject(item, "answer");
    if (answer.error !== undefined) {
      answers.push(readError(answer.error));
      continue;
    }
    const end = offset + requireCount(answer.length, "answer length");
    if (end > body.length) refuse("answer length", "within the body");
    answers.push(readPrediction(answer, body.slice(offset, end)));
    offset = end;
  }
  return answers;
}

/** What cannot be said in HTTP is the service's failure and no one else's. */
function readPrediction(
  answer: Readonly<Record<string, unknown>>,
  body: Uint8Array,
): Answer {
  const { status = 200, reason = "", contentType = "" } = answer;
  const headers = answer.headers === undefined
    ? NO_HEADERS
    : requireTexts(answer.headers, "answer headers");
  const text = requireText(reason, "reason");
  const type = requireText(contentType, "content type");
  for (const name in headers) {
    if (!TOKEN.test(name) || !VISIBLE.test(headers[name]!)) {
      return unsayable(`header "${name}"`);
    }
  }
  if (!VISIBLE.test(text)) return unsayable("reason");
  if (!VISIBLE.test(type)) return unsayable("content type");
  return {
    status: isFinalStatus(status) ? status : 500,
    reason: text,
    headers,
    contentType: type,
    body,
  };
}

/** RFC 9110 §15: of the codes there are, those that end a request. */
function isFinalStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 200 &&
    Number(status) <= 599;
}

function unsayable(what: string): MmsError {
  return new MmsError(
    "prediction_failed",
    `Cannot send the model's answer: its ${what} has characters that HTTP does not allow`,
  );
}

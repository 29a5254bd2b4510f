import { MmsError } from "../../errors.ts";
import type { Inputs, Prediction } from "../service.ts";
import type { CrossingAnswer, CrossingRequest, Thrown } from "./messages.ts";
import type { Explained } from "./source_places.ts";

/** Returns what crosses of a request. */
export function crossingRequest(inputs: Inputs): CrossingRequest {
  const { requestId, headers, fields } = inputs;
  return {
    id: requestId,
    headers,
    fields: Array.from(
      fields,
      ([name, { contentType, data }]) => [name, contentType, data],
    ),
  };
}

/** Returns a request that came back. */
export function inputsOf({ id, headers, fields }: CrossingRequest): Inputs {
  return {
    requestId: id,
    headers,
    fields: new Map(
      fields.map(([name, contentType, data]) => [name, { contentType, data }]),
    ),
  };
}

/** Explains what a service threw, for those who wrote it. */
export type Explain = (thrown: Thrown) => Explained;

/** What is to be done with an error that a service was not meant to throw. */
export type Report = (explained: Explained) => void;

/** Returns what becomes of an answer. */
export function predictionOf(answer: CrossingAnswer): Prediction | Thrown {
  if ("error" in answer) return answer.error;
  return {
    status: 200,
    reason: "",
    headers: {},
    contentType: "",
    ...answer,
  };
}

/**
 * Returns what a caller is told of something that a service threw: the answer
 * that it asked for, or the error that ends the prediction.
 */
export function refusalOf(
  { status, code, message }: Thrown,
): Prediction | MmsError | undefined {
  if (status !== undefined) return errorPrediction(status, message);
  if (code === undefined) return undefined;
  return new MmsError(code as MmsError["code"], message); // It is one that may be blamed.
}

/** MMS answers so where a service has a status to tell. */
function errorPrediction(status: number, message: string): Prediction {
  const isFinal = Number.isInteger(status) && status >= 200 && status <= 599;
  const code = isFinal ? status : 500;
  const type = "InternalServerException";
  const text = JSON.stringify({ code, type, message }, null, 2)
    .replaceAll(/[<>&='\u2028\u2029]/g, escaped);
  return {
    status: code,
    reason: "",
    headers: {},
    contentType: "application/json",
    body: new TextEncoder().encode(`${text}\n`),
  };
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

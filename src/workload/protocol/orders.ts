import type { ModelArchive, Runtime } from "../../archive/mod.ts";
import type { Field, Inputs } from "../../service/mod.ts";
import {
  type JsonObject,
  refuse,
  requireArray,
  requireCount,
  requireObject,
  requireText,
  requireTexts,
} from "./door.ts";
import type { Frame } from "./frame.ts";
import type { FrameWriter } from "./frame_writer.ts";
import type {
  FieldHeader,
  Load,
  Predict,
  RequestHeader,
  Stop,
} from "./messages.ts";

/** What a worker is asked to do, as it reads it. */
export type OrderRead =
  | {
    readonly type: "load";
    readonly load: Load;
    readonly archive: ModelArchive;
  }
  | {
    readonly type: "predict";
    readonly id: number;
    readonly isPrompt: boolean;
    /** Data of fields is a view on the frame. */
    readonly batch: readonly Inputs[];
  }
  | Stop;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Appends `load`. */
export function appendLoad(
  writer: FrameWriter,
  load: Omit<Load, "type">,
  archive: ModelArchive,
): void {
  const header: Load = { type: "load", ...load };
  writer.append(JSON.stringify(header), [
    encoder.encode(JSON.stringify(archive)),
  ]);
}

/** A batch that is to be run. */
export interface BatchOrder {
  readonly id: number;
  readonly batch: readonly { readonly inputs: Inputs }[];
  /** As `Predict.prompt` has it. */
  readonly isPrompt: boolean;
}

/**
 * Appends `predict`: one batch.
 *
 * @throws {MmsError} `request_too_large` if it is longer than a frame may be
 */
export function appendPredict(
  writer: FrameWriter,
  { id, batch, isPrompt }: BatchOrder,
): void {
  const parts: Uint8Array[] = [];
  const requests: RequestHeader[] = [];
  for (const { inputs } of batch) requests.push(requestHeader(inputs, parts));
  const header: Predict = isPrompt
    ? { type: "predict", id, prompt: true, requests }
    : { type: "predict", id, requests };
  writer.append(JSON.stringify(header), parts);
}

/** Appends `stop`. */
export function appendStop(writer: FrameWriter, id: number): void {
  const header: Stop = { type: "stop", id };
  writer.append(JSON.stringify(header), []);
}

/** @throws {MmsError} `worker_died` if the frame is no order */
export function readOrder(frame: Frame): OrderRead {
  const header = requireObject(frame.header, "header");
  const id = requireCount(header.id, "id");
  switch (header.type) {
    case "load":
      return {
        type: "load",
        load: readLoad(header, id),
        archive: readArchive(frame.body),
      };
    case "predict":
      return {
        type: "predict",
        id,
        isPrompt: header.prompt === true,
        batch: readBatch(header, frame.body),
      };
    case "stop":
      return { type: "stop", id };
    default:
      refuse("type", '"load", "predict" or "stop"');
  }
}

function requestHeader(inputs: Inputs, parts: Uint8Array[]): RequestHeader {
  const fields: FieldHeader[] = [];
  for (const [name, { contentType, data }] of inputs.fields) {
    fields.push({ name, contentType, length: data.length });
    parts.push(data);
  }
  return { id: inputs.requestId, headers: inputs.headers, fields };
}

function readLoad(header: JsonObject, id: number): Load {
  const load = {
    type: "load",
    id,
    name: requireText(header.name, "name"),
    // The front checked it when the model was registered.
    runtime: requireText(header.runtime, "runtime") as Runtime,
    threads: requireCount(header.threads, "threads"),
    batchSize: requireCount(header.batchSize, "batchSize"),
    maxResponseBytes: requireCount(header.maxResponseBytes, "maxResponseBytes"),
  } as const;
  const { handler, cacheFolder, service } = header;
  return {
    ...load,
    ...(handler === undefined
      ? {}
      : { handler: requireText(handler, "handler") }),
    ...(cacheFolder === undefined
      ? {}
      : { cacheFolder: requireText(cacheFolder, "cacheFolder") }),
    ...(service === "python" ? { service } : {}),
  };
}

/** The front made it out of a `ModelArchive`, which is plain data. */
function readArchive(body: Uint8Array): ModelArchive {
  return JSON.parse(decoder.decode(body)) as ModelArchive;
}

function readBatch(header: JsonObject, body: Uint8Array): readonly Inputs[] {
  const batch: Inputs[] = [];
  let offset = 0;
  for (const value of requireArray(header.requests, "requests")) {
    const request = requireObject(value, "request");
    const fields = new Map<string, Field>();
    for (const item of requireArray(request.fields, "fields")) {
      const field = requireObject(item, "field");
      const end = offset + requireCount(field.length, "field length");
      if (end > body.length) refuse("field length", "within the body");
      fields.set(requireText(field.name, "field name"), {
        contentType: requireText(field.contentType, "content type"),
        data: body.subarray(offset, end),
      });
      offset = end;
    }
    batch.push({
      requestId: requireText(request.id, "request id"),
      headers: requireTexts(request.headers, "request headers"),
      fields,
    });
  }
  return batch;
}

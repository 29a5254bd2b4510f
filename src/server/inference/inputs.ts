import type { Field, Inputs } from "../../service/mod.ts";
import { findBoundary, parseMultipart } from "./multipart.ts";
import { parsePairs, parseQuery } from "../management/pairs.ts";
import {
  bareMediaType,
  findHeader,
  headerRecord,
  type ServerRequest,
} from "../exchange/request.ts";

/** What of a request a service is given. */
export interface InputOptions {
  /** Whether the parameters of the query are fields too, before the body's. */
  readonly query: boolean;
}

/**
 * Turns a request into what a service takes: the fields of a form by their
 * names, or any other body as the field `body`. Of equal names the last counts.
 *
 * @throws {MmsError} `bad_request` if a form or the query is malformed
 */
export function readInputs(
  request: ServerRequest,
  options: InputOptions,
): Inputs {
  const fields = new Map<string, Field>();
  if (options.query) {
    for (const { name, value } of parseQuery(request.queryText)) {
      fields.set(name, { contentType: "", data: value });
    }
  }
  addBody(fields, request);
  return {
    requestId: request.id,
    fields,
    headers: headerRecord(request.headers),
  };
}

function addBody(fields: Map<string, Field>, request: ServerRequest): void {
  const contentType = findHeader(request.headers, "content-type") ?? "";
  const mediaType = bareMediaType(contentType);
  switch (mediaType.toLowerCase()) {
    case "multipart/form-data": {
      const boundary = findBoundary(contentType);
      if (boundary === undefined) break;
      for (const part of parseMultipart(request.body, boundary)) {
        fields.set(part.name, part);
      }
      return;
    }
    case "application/x-www-form-urlencoded":
      for (const { name, value } of parsePairs(request.body)) {
        fields.set(name, { contentType: "", data: value });
      }
      return;
  }
  fields.set("body", { contentType: mediaType, data: request.body });
}

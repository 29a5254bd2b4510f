import { MmsError } from "../../errors.ts";
import type { Answer } from "./answer.ts";
import type { RequestHead, ServerRequest } from "./request.ts";

/** Answers the requests of one listener. */
export interface Face {
  /**
   * Refuses a request before its body is read, by throwing.
   *
   * @throws {MmsError} `unauthorized` or `forbidden` if the caller may not
   */
  admit(head: RequestHead): void;
  /** Answers one request, or throws or rejects with what {@linkcode problemAnswer} answers. */
  answer(request: ServerRequest): Promise<Answer>;
}

/** Answers the requests that are its own, and returns `undefined` for others. */
export type Route = (request: ServerRequest) => Promise<Answer> | undefined;

/** Returns what to throw for a path that nothing answers. */
export function resourceNotFound(): MmsError {
  return new MmsError(
    "resource_not_found",
    "Requested resource is not found, please refer to API document.",
  );
}

/** What is thrown for a method that a path does not have. */
export class MethodNotAllowed extends MmsError {
  /** The methods that it has, as RFC 9110 §10.2.1 writes them. */
  readonly allow: string;

  /** Names the methods that the path has, if any. */
  constructor(...methods: readonly string[]) {
    super(
      "method_not_allowed",
      "Requested method is not allowed, please refer to API document.",
    );
    this.allow = methods.join(", ");
  }
}

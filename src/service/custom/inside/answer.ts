import type { CrossingAnswer } from "../messages.ts";
import { requireArgument } from "./arguments.ts";
import { encode } from "./encode.ts";

/** What an answer says besides its body. */
export interface AnswerOptions {
  /** HTTP status, 200 to 599; 200 unless given. */
  readonly status?: number;
  /** HTTP reason phrase. */
  readonly reason?: string;
  /** Headers besides `content-type`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** That of the kind of the body, unless given. */
  readonly contentType?: string;
}

/** What one caller gets: bytes, text, or anything else as JSON. */
export class Answer {
  /** The body's bytes. */
  readonly bytes: Uint8Array;
  /** HTTP status. */
  readonly status: number;
  /** HTTP reason phrase, may be empty. */
  readonly reason: string;
  /** Headers besides `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The MIME type of the body, or `""`. */
  readonly contentType: string;

  /** Makes an answer of a value. */
  constructor(value: unknown, options: AnswerOptions = {}) {
    const { body, contentType } = encode(value);
    requireStatus(options.status);
    this.bytes = body;
    this.status = options.status ?? 200;
    this.reason = options.reason ?? "";
    this.headers = options.headers ?? {};
    this.contentType = options.contentType ?? contentType;
  }

  /** Returns the body as text. */
  text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  /** Returns the body, which is JSON. */
  json(): unknown {
    return JSON.parse(this.text());
  }

  /** Returns what crosses of it, leaving out what most have. */
  crossing(): CrossingAnswer {
    const { bytes, status, reason, headers, contentType } = this;
    return {
      body: bytes,
      ...status !== 200 && { status: Number(status) },
      ...reason !== "" && { reason: String(reason) },
      ...contentType !== "" && { contentType: String(contentType) },
      ...Object.keys(headers).length > 0 && { headers: texts(headers) },
    };
  }
}

function requireStatus(status: number = 200): void {
  const isRight = Number.isInteger(status) && status >= 200 && status <= 599;
  const wrong = `status must be an integer from 200 to 599, not ${status}`;
  requireArgument("new Answer(value, options)", isRight, wrong);
}

function texts(
  headers: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
}

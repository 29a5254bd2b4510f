import type {
  CrossingField,
  CrossingRequest,
  PackedBytes,
} from "../messages.ts";
import { PredictionError } from "./prediction_error.ts";

/** What the only value of a request is called. */
const BODY = "body";

const FORM = "application/x-www-form-urlencoded";

/** What one caller sent. */
export class Request {
  /** What the request is called in logs. */
  readonly id: string;
  /** Its headers, as they were written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #fields: Map<string, CrossingField<PackedBytes>>;
  readonly #packed: Uint8Array | undefined;

  /** Takes over what crossed, with the bytes that it speaks of. */
  constructor(
    { id, headers, fields }: CrossingRequest<PackedBytes>,
    packed?: Uint8Array,
  ) {
    this.id = id;
    this.headers = headers;
    this.#fields = new Map(fields.map((field) => [field[0], field]));
    this.#packed = packed;
  }

  /** The names of its values; a raw body is called `body`. */
  get names(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** Whether it has a value of that name. */
  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** Returns a header without regard to case, `undefined` if there is none. */
  header(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return Object.entries(this.headers).findLast(([own]) =>
      own.toLowerCase() === wanted
    )?.[1];
  }

  /** Returns the bare MIME type of a value, `""` where none was stated. */
  contentType(name: string = BODY): string {
    return this.#field(name)[1];
  }

  /** Returns a value as it was sent. */
  bytes(name: string = BODY): Uint8Array {
    const [, contentType, data] = this.#field(name);
    if (data instanceof Uint8Array) return data;
    // They share their buffer with those of others.
    const own = this.#view(data).slice();
    this.#fields.set(name, [name, contentType, own]);
    return own;
  }

  /** Returns a value as text, in UTF-8. */
  text(name: string = BODY): string {
    return new TextDecoder().decode(this.#view(this.#field(name)[2]));
  }

  /** Returns a value that is JSON. */
  json(name: string = BODY): unknown {
    const text = this.text(name);
    try {
      return JSON.parse(text);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const why = text === "" ? "it is empty" : said;
      throw new PredictionError(
        `Cannot read field "${name}" as JSON: ${why}`,
        400,
      );
    }
  }

  /** Returns a value as its MIME type says: JSON, text, or else bytes. */
  value(name: string = BODY): unknown {
    const type = this.contentType(name);
    if (type === "application/json") return this.json(name);
    return type.startsWith("text/") ? this.text(name) : this.bytes(name);
  }

  /** Returns the same request with another value of that name. */
  with(
    name: string,
    value: Uint8Array | string,
    contentType: string = this.has(name) ? this.contentType(name) : "",
  ): Request {
    const data = typeof value === "string"
      ? new TextEncoder().encode(value)
      : value;
    const others = this.crossing().fields.filter(([own]) => own !== name);
    return new Request({
      ...this.crossing(),
      fields: [...others, [name, contentType, data]],
    });
  }

  /** Returns what crosses of it. */
  crossing(): CrossingRequest {
    const { id, headers } = this;
    const fields = this.names.map((name): CrossingField => [
      name,
      this.contentType(name),
      this.bytes(name),
    ]);
    return { id, headers, fields };
  }

  #view(data: PackedBytes): Uint8Array {
    if (data instanceof Uint8Array) return data;
    return this.#packed?.subarray(...data) ?? new Uint8Array();
  }

  #field(name: string): CrossingField<PackedBytes> {
    const field = this.#fields.get(name);
    if (field !== undefined) return field;
    throw new PredictionError(
      `Cannot read field "${name}": it is missing, ${this.#sent()}`,
      400,
    );
  }

  /** Forms are what curl -d sends, though it be JSON. */
  #sent(): string {
    const sent = this.names.map((it) => `"${it}"`).join(", ");
    const isForm = this.header("content-type")?.startsWith(FORM) ?? false;
    const isJson = isForm && this.names.some((it) => /^\s*[[{]/.test(it));
    return isJson
      ? `a form with the field ${sent} was sent, Content-Type: application/json would be right`
      : `sent were ${sent || "none"}`;
  }
}

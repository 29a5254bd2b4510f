/**
 * What a service in TypeScript or JavaScript imports from `mms`. mms itself
 * provides it where the service runs; this file is for editors.
 *
 * @module
 */

/** A tensor: dense, row-major. */
export interface Tensor {
  /** The type of its elements, by numpy's name: `float32`, `int64`, `string`. */
  readonly type:
    | "float32"
    | "float64"
    | "float16"
    | "int8"
    | "uint8"
    | "int16"
    | "uint16"
    | "int32"
    | "uint32"
    | "int64"
    | "uint64"
    | "bool"
    | "string";
  /** Its extents, outermost first; axis 0 is the batch: `[n, 3, h, w]`. */
  readonly shape: readonly number[];
  /**
   * `shape[0] × shape[1] × …` elements, in the typed array of that name;
   * `float16` as bits in a `Uint16Array`, `bool` as 0 or 1 in a `Uint8Array`,
   * `string` in an array.
   */
  readonly data:
    | Float32Array
    | Float64Array
    | Int8Array
    | Uint8Array
    | Int16Array
    | Uint16Array
    | Int32Array
    | Uint32Array
    | BigInt64Array
    | BigUint64Array
    | readonly string[];
}

/** Tensors by the graph's names for them. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** What one caller sent: values by name. A raw body is the value `body`. */
export interface Request {
  /** What the request is called in logs. */
  readonly id: string;
  /** Its headers, as they were written. */
  readonly headers: Readonly<Record<string, string>>;
  /** The names of its values. */
  readonly names: readonly string[];
  /** Whether it has a value of that name. */
  has(name: string): boolean;
  /** Returns a header without regard to case, `undefined` if there is none. */
  header(name: string): string | undefined;
  /** Returns the MIME type of a value without parameters, `""` for none. */
  contentType(name?: string): string;
  /** Returns a value, `body` unless named; `PredictionError` 400 if it is missing. */
  bytes(name?: string): Uint8Array;
  /** Returns a value as text, in UTF-8. */
  text(name?: string): string;
  /** Returns a value that is JSON; `PredictionError` 400 if it is not. */
  json(name?: string): unknown;
  /** Returns a value as its MIME type says: JSON, text, or else bytes. */
  value(name?: string): unknown;
  /** Returns the same request with another value of that name. */
  with(name: string, value: Uint8Array | string, contentType?: string): Request;
}

/** What an answer says besides its body. */
export interface AnswerOptions {
  /** HTTP status, 200 to 599; 200 unless given. */
  readonly status?: number;
  /** HTTP reason phrase. */
  readonly reason?: string;
  /** Headers besides `content-type`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The MIME type; `text/plain` for text, none for bytes, else JSON's. */
  readonly contentType?: string;
}

/**
 * What goes back to one caller: bytes, text, or anything else as JSON, in which
 * typed arrays are lists of numbers.
 */
export class Answer {
  /** Makes an answer of a value. */
  constructor(value: unknown, options?: AnswerOptions);
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
  /** Returns the body as text. */
  text(): string;
  /** Returns the body, which is JSON. */
  json(): unknown;
}

/**
 * A prediction that comes to nothing for a reason that its caller is told:
 * thrown for a whole batch or by a step, or one item of what `handle` returns.
 */
export class PredictionError extends Error {
  /** Makes an error; `status` is the HTTP status, 500 unless given. */
  constructor(message: string, status?: number);
  /** The HTTP status of the answer. */
  readonly status: number;
}

/** One input or output of a graph. */
export interface GraphValue {
  /** As the graph calls it. */
  readonly name: string;
  /** The type of its elements. */
  readonly type: string;
  /** A number is a fixed extent, a text a free one by its name. */
  readonly shape: readonly (number | string)[];
}

/** What a service measures itself; it appears among the server's metrics. */
export interface Metrics {
  /** Takes note of a value; `unit` is `ms`, `percent`, `count`, `MB` or any word. */
  add(
    name: string,
    value: number,
    unit?: string,
    dimensions?: Readonly<Record<string, string>>,
  ): void;
}

/** What a service knows of its model and may ask for. */
export interface Context {
  /** What the model is registered as. */
  readonly modelName: string;
  /** Where its files lie; `readFile` reads them. */
  readonly modelDir: string;
  /** The manifest, as it stands in the archive. */
  readonly manifest: unknown;
  /** `signature.json`, checked, or `undefined`. */
  readonly signature: unknown;
  /** The lines of `synset.txt`. */
  readonly labels: readonly string[];
  /** Requests in a batch at most. */
  readonly batchSize: number;
  /** What the graph takes and gives; `undefined` without a graph. */
  readonly graph:
    | {
      readonly inputs: readonly GraphValue[];
      readonly outputs: readonly GraphValue[];
    }
    | undefined;
  /** What Python services have under that name: `model_dir`, `batch_size`, … */
  readonly systemProperties: Readonly<Record<string, unknown>>;
  /** What the service measures. */
  readonly metrics: Metrics;
  /**
   * Runs the graph and returns all its outputs by name. Large arrays of the
   * feeds are handed over: pass a copy of what is used again.
   */
  run(feeds: Feeds): Promise<Feeds>;
  /** Returns a file of the model's folder. */
  readFile(path: string): Promise<Uint8Array>;
  /** Returns a file of the model's folder as text. */
  readText(path: string): Promise<string>;
  /** Returns the header of a request in the batch, without regard to case. */
  getRequestHeader(index: number, name: string): string | undefined;
  /** Sets a header of an answer. */
  setResponseHeader(index: number, name: string, value: string): void;
  /** Sets the MIME type of an answer. */
  setResponseContentType(index: number, contentType: string): void;
  /** Sets the HTTP status of an answer. */
  setResponseStatus(status?: number, reason?: string, index?: number): void;
  /** Sets the HTTP status of all answers. */
  setAllResponseStatus(status?: number, reason?: string): void;
}

/** A service around the model's graph: of its two steps, either may be its own. */
export abstract class GraphService {
  /** Is called once, before the first request. */
  initialize?(context: Context): void | Promise<void>;
  /**
   * Turns what one caller sent into tensors, by the graph's names. Their large
   * arrays are handed over, as those of `Context.run`.
   */
  preprocess(request: Request, context: Context): Feeds | Promise<Feeds>;
  /** Turns one caller's share of the graph's outputs into an answer. */
  postprocess(
    outputs: Feeds,
    request: Request,
    context: Context,
  ): unknown;
}

/** The built-in image service: pictures in, the likeliest classes back. */
export abstract class ImageService extends GraphService {}

/** The built-in JSON service: nested arrays in, nested arrays back. */
export abstract class JsonService extends GraphService {}

/** A class and how likely it is. */
export interface ClassProbability {
  /** Its line of the labels. */
  readonly class: string;
  /** 0 to 1, where the graph gives probabilities. */
  readonly probability: number;
}

/** Returns probabilities for logits: exp(x − max), divided by their sum. */
export function softmax(values: ArrayLike<number>): Float32Array;

/** Returns the places of the `count` greatest values, the greatest first. */
export function topIndices(
  values: ArrayLike<number>,
  count: number,
): readonly number[];

/** Returns the `count` likeliest classes of a tensor `[1, classes]`. */
export function topClasses(
  tensor: Tensor,
  labels: readonly string[],
  count: number,
): readonly ClassProbability[];

import type { Feeds } from "../../../tensor/mod.ts";
import type { About, CrossingAnswer, GraphAbout } from "../messages.ts";
import type { Host } from "./host.ts";
import { Answer } from "./answer.ts";
import type { Request } from "./request.ts";

/** What a service says of its answers beside returning them. */
interface Response {
  status?: number;
  reason?: string;
  contentType?: string;
  headers?: Record<string, string>;
}

/** What a service measures itself. */
export class Metrics {
  readonly #taken: unknown[] = [];

  /** Takes note of a value; `unit` is `ms`, `percent`, `count`, `MB` or any word. */
  add(
    name: string,
    value: number,
    unit = "count",
    dimensions: Readonly<Record<string, string>> = {},
  ): void {
    const pairs = Object.entries(dimensions).map((
      [own, text],
    ) => [own, String(text)]);
    this.#taken.push({
      name: String(name),
      value: Number(value),
      unit: String(unit),
      dimensions: pairs,
    });
  }

  /** Returns what was taken note of, and forgets it. */
  take(): readonly unknown[] {
    return this.#taken.splice(0);
  }
}

/** What a service knows of its model, and what it may ask for. */
export class Context {
  readonly #host: Host;
  readonly #about: About;
  /** The batch; none while the service is loaded. */
  readonly requests: readonly Request[];
  readonly #responses: Response[] = [];
  /** What it measures. */
  readonly metrics: Metrics = new Metrics();

  /** Makes the context of one batch; of none, while the service is loaded. */
  constructor(host: Host, about: About, requests: readonly Request[] = []) {
    this.#host = host;
    this.#about = about;
    this.requests = requests;
  }

  /** What the model is registered as. */
  get modelName(): string {
    return this.#about.modelName;
  }

  /** Where its files lie. */
  get modelDir(): string {
    return this.#about.modelDir;
  }

  /** The manifest as it stands in the archive. */
  get manifest(): unknown {
    return this.#about.manifest;
  }

  /** `signature.json`, checked, or `undefined`. */
  get signature(): unknown {
    return this.#about.signature;
  }

  /** The lines of `synset.txt`. */
  get labels(): readonly string[] {
    return this.#about.labels;
  }

  /** Requests in a batch at most. */
  get batchSize(): number {
    return this.#about.batchSize;
  }

  /** What the graph takes and gives; `undefined` without a graph. */
  get graph(): GraphAbout | undefined {
    return this.#about.graph;
  }

  /** What Python services have under that name. */
  get systemProperties(): Readonly<Record<string, unknown>> {
    return {
      model_dir: this.modelDir,
      gpu_id: null,
      batch_size: this.batchSize,
      server_name: "MMS",
      server_version: this.#about.version,
    };
  }

  /**
   * Runs the graph and returns all its outputs by name. The arrays of the feeds
   * are handed over: what is used again must be copied.
   */
  async run(feeds: Feeds): Promise<Feeds> {
    return await this.#host.ask({ what: "run", feeds }) as Feeds; // The worker answers so.
  }

  /** Returns a file of the model's folder. */
  async readFile(path: string): Promise<Uint8Array> {
    const bytes = await this.#host.ask({ what: "read", path: String(path) });
    return bytes as Uint8Array; // The worker answers so.
  }

  /** Returns a file of the model's folder as text. */
  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.readFile(path));
  }

  /** Returns a request's header without regard to case. */
  getRequestHeader(index: number, name: string): string | undefined {
    return this.requests[index]?.header(name);
  }

  /** Sets a header of an answer. */
  setResponseHeader(index: number, name: string, value: string): void {
    const response = this.#response(index);
    response.headers = { ...response.headers, [name]: value };
  }

  /** Sets the MIME type of an answer. */
  setResponseContentType(index: number, contentType: string): void {
    this.#response(index).contentType = contentType;
  }

  /** Sets the HTTP status of an answer. */
  setResponseStatus(status = 200, reason = "", index = 0): void {
    Object.assign(this.#response(index), { status, reason });
  }

  /** Sets the HTTP status of all answers. */
  setAllResponseStatus(status = 200, reason = ""): void {
    this.requests.forEach((_, index) =>
      this.setResponseStatus(status, reason, index)
    );
  }

  /** Returns what a service's value crosses as. */
  crossing(value: unknown, index: number): CrossingAnswer {
    const answer = value instanceof Answer ? value : new Answer(value);
    const said = this.#responses[index];
    if (said === undefined) return answer.crossing();
    return new Answer(answer.bytes, {
      ...answer,
      ...said,
      headers: { ...answer.headers, ...said.headers },
    }).crossing();
  }

  /** Has the worker do what the built-in service `base` does. */
  async builtIn(
    base: string,
    request: Request,
    outputs?: Feeds,
  ): Promise<unknown> {
    const asked = { base, request: request.crossing() };
    return await this.#host.ask(
      outputs === undefined
        ? { what: "preprocess", ...asked }
        : { what: "postprocess", ...asked, outputs },
    );
  }

  #response(index: number): Response {
    return this.#responses[index] ??= {};
  }
}

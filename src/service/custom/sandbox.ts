import { messageOf, MmsError } from "../../errors.ts";
import { handOverAll } from "./hand_over.ts";
import type { Call, Thrown, ToSandbox } from "./messages.ts";
import { Packing } from "./packing.ts";
import {
  readThrown,
  requireBytes,
  requireList,
  requireNumber,
  requirePlain,
  requireString,
} from "./replies.ts";
import {
  broken,
  type CallBody,
  type Errand,
  type LoadedForm,
  type Outcome,
  packCall,
  permissions,
  readForm,
  type SandboxOptions,
  ServiceError,
} from "./sandbox_parts.ts";

interface Waiting {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread that can do nothing but compute, and the service in it. */
export class Sandbox implements Disposable {
  readonly #worker: Worker;
  readonly #errand: Errand;
  readonly #onStray: (thrown: Thrown) => void;
  readonly #ended = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #loaded = Promise.withResolvers<LoadedForm>();
  readonly #packing = new Packing();
  #queue: Call[] = [];
  #count = 0;
  #over: Error | undefined;

  private constructor({ folder, net, errand, onStray }: SandboxOptions) {
    this.#errand = errand;
    this.#onStray = onStray;
    this.#worker = new Worker(new URL("./inside/main.ts", import.meta.url), {
      type: "module",
      deno: { permissions: permissions(folder, net) },
    });
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#end(new ServiceError({ message: event.message, stack: "" }));
    });
    this.#worker.addEventListener("messageerror", () => {
      this.#end(broken("a message", "plain data"));
    });
  }

  /**
   * Loads a service.
   *
   * @throws {ServiceError} if it cannot be loaded
   */
  static async load(
    options: SandboxOptions,
  ): Promise<{ readonly sandbox: Sandbox; readonly form: LoadedForm }> {
    const sandbox = new Sandbox(options);
    try {
      sandbox.#post(options.load);
      return { sandbox, form: await sandbox.#loaded.promise };
    } catch (error) {
      sandbox[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether it has ended: nothing can be asked of it any more. */
  get isOver(): boolean {
    return this.#over !== undefined;
  }

  /** Settles when it has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Has the service do something; what is asked at once crosses at once.
   *
   * @throws {ServiceError} if the service throws; {MmsError} `prediction_failed`
   * if it breaks the rules, which ends it
   */
  call(body: CallBody): Promise<Outcome> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const id = this.#count++;
    if (this.#queue.length === 0) queueMicrotask(() => this.#send());
    this.#queue.push(packCall(id, body, this.#packing));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#end(new MmsError("prediction_failed", "The service has ended"));
  }

  #send(): void {
    const calls = this.#queue;
    this.#queue = [];
    const { packed, transfer } = this.#packing.take();
    this.#post({ type: "calls", calls, packed }, transfer);
  }

  #post(message: ToSandbox, transfer: ArrayBuffer[] = []): void {
    if (!this.isOver) this.#worker.postMessage(message, transfer);
  }

  #hear(data: unknown): void {
    if (this.isOver) return;
    try {
      this.#read(requirePlain(data, "message"));
    } catch (error) {
      this.#end(error instanceof Error ? error : broken("message", "one"));
    }
  }

  #read(message: Readonly<Record<string, unknown>>): void {
    switch (message.type) {
      case "loaded":
        return this.#loaded.resolve(readForm(message));
      case "refused":
        return this.#loaded.reject(new ServiceError(readThrown(message.error)));
      case "stray":
        return this.#onStray(readThrown(message.error));
      case "done": {
        const packed = requireBytes(message.packed, "packed bytes");
        for (const result of requireList(message.results, "results")) {
          this.#settle(requirePlain(result, "result"), packed);
        }
        return;
      }
      case "ask":
        void this.#answer(requireNumber(message.id, "id"), message);
        return;
      default:
        throw broken("type of a message", "a known one");
    }
  }

  #settle(
    result: Readonly<Record<string, unknown>>,
    packed: Uint8Array,
  ): void {
    const id = requireNumber(result.id, "id");
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) throw broken("number of a result", "asked for");
    this.#waiting.delete(id);
    if (result.error !== undefined) {
      return waiting.reject(new ServiceError(readThrown(result.error)));
    }
    const { value, metrics } = result;
    const ms = requireNumber(result.ms, "ms");
    waiting.resolve({
      ...{ id, ms, value, packed },
      ...metrics !== undefined && { metrics: requireList(metrics, "metrics") },
    });
  }

  async #answer(
    id: number,
    question: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    try {
      const what = requireString(question.what, "question");
      const transfer: ArrayBuffer[] = [];
      const value = handOverAll(await this.#errand(what, question), transfer);
      this.#post({ type: "answer", id, value }, transfer);
    } catch (error) {
      const code = error instanceof MmsError ? error.code : "prediction_failed";
      this.#post({ type: "refusal", id, code, message: messageOf(error) });
    }
  }

  #end(error: Error): void {
    if (this.isOver) return;
    this.#over = error;
    this.#worker.terminate();
    this.#loaded.reject(error);
    this.#ended.resolve();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

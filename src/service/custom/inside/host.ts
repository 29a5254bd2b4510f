import type { Ask, FromSandbox, ToSandbox } from "../messages.ts";
import { handOverAll } from "../hand_over.ts";

type Settle = (message: ToSandbox) => void;

/** What is asked, without its number. */
export type Question = Ask extends infer A
  ? A extends Ask ? Omit<A, "type" | "id"> : never
  : never;

/** An error that the worker answered a question with. */
export class HostError extends Error {
  /** As `MmsError` has it. */
  readonly code: string;

  /** Takes over what the worker said, and where it was `asked`. */
  constructor(code: string, message: string, asked: Error) {
    super(message);
    this.name = "MmsError";
    this.code = code;
    const [, ...frames] = (asked.stack ?? "").split("\n");
    this.stack = [message, ...frames].join("\n");
  }
}

/** The worker, as it is seen from the sandbox. */
export class Host {
  readonly #post: (message: unknown, transfer: ArrayBuffer[]) => void;
  readonly #asked = new Map<number, Settle>();
  #count = 0;

  /** Speaks through `post`. */
  constructor(post: (message: unknown, transfer: ArrayBuffer[]) => void) {
    this.#post = post;
  }

  /** Tells it something. */
  tell(message: FromSandbox, transfer: ArrayBuffer[] = []): void {
    this.#post(message, transfer);
  }

  /** Asks it for something; the arrays of feeds for the graph are handed over. */
  ask(question: Question): Promise<unknown> {
    const id = this.#count++;
    const large: ArrayBuffer[] = [];
    const message = handOverAll({ type: "ask", id, ...question }, large);
    this.#post(message, question.what === "run" ? large : []);
    const asked = new Error();
    return new Promise((resolve, reject) => {
      this.#asked.set(id, (reply) => {
        if (reply.type === "answer") resolve(reply.value);
        if (reply.type !== "refusal") return;
        reject(new HostError(reply.code, reply.message, asked));
      });
    });
  }

  /** Takes the answer to a question. */
  answered(reply: Extract<ToSandbox, { readonly id: number }>): void {
    this.#asked.get(reply.id)?.(reply);
    this.#asked.delete(reply.id);
  }
}

import type { Feeds } from "../../../tensor/mod.ts";
import { Answer, type AnswerOptions } from "./answer.ts";
import { requireArgument, requireFeeds } from "./arguments.ts";
import { Context } from "./context.ts";
import { kindOf } from "./kind_of.ts";
import { Request } from "./request.ts";

const PREPROCESS = "super.preprocess(request, context)";
const POSTPROCESS = "super.postprocess(outputs, request, context)";

/** A service around the model's graph: of two steps, either may be its own. */
export abstract class GraphService {
  /** The built-in service that takes the steps that are not its own. */
  static readonly base: string = "";

  /** Turns what one caller sent into tensors, by the graph's names. */
  async preprocess(request: Request, context: Context): Promise<Feeds> {
    requireBoth(PREPROCESS, request, context);
    return await context.builtIn(this.#base, request) as Feeds; // The worker answers so.
  }

  /** Turns one caller's share of the graph's outputs into an answer. */
  async postprocess(
    outputs: Feeds,
    request: Request,
    context: Context,
  ): Promise<unknown> {
    requireFeeds(POSTPROCESS, outputs);
    requireBoth(POSTPROCESS, request, context);
    const { body, ...options } = await context.builtIn(
      this.#base,
      request,
      outputs,
    ) as { body: Uint8Array } & AnswerOptions; // The worker answers so.
    return new Answer(body, options);
  }

  get #base(): string {
    return (this.constructor as typeof GraphService).base;
  }
}

function requireBoth(call: string, request: unknown, context: unknown): void {
  requireArgument(
    call,
    request instanceof Request,
    `request must be the request, not ${kindOf(request)}`,
  );
  requireArgument(
    call,
    context instanceof Context,
    `context must be the context, not ${kindOf(context)}`,
  );
}

/** The built-in image service: pictures in, classes back. */
export abstract class ImageService extends GraphService {
  static override readonly base: string = "mms:image";
}

/** The built-in JSON service: nested arrays in, nested arrays back. */
export abstract class JsonService extends GraphService {
  static override readonly base: string = "mms:json";
}

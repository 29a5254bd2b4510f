import type { Metrics } from "../metrics.ts";
import type { Model, Registry } from "../workload/mod.ts";
import type { Answer } from "./answer.ts";
import type { Route } from "./face.ts";
import { readInputs } from "./inputs.ts";
import { problemAnswer } from "./problem.ts";
import type { ServerRequest } from "./request.ts";
import { findModel, readWish, type Wish } from "./wish.ts";

/** What the inference API needs. */
export interface InferenceOptions {
  /** The models. */
  readonly registry: Registry;
  /** Resolves when the models that are served from the start are registered. */
  readonly started: Promise<void>;
  /** Counts the predictions. */
  readonly metrics: Metrics;
}

/**
 * Returns the answers of the inference API. A prediction gets here without the
 * detour over `Request` and `Response`. No method but `OPTIONS`, which asks for
 * a description, is told from the others: as in the original, each predicts.
 */
export function inferenceRoute(options: InferenceOptions): Route {
  return (request) => {
    if (request.method === "OPTIONS") return undefined;
    const wish = readWish(request);
    return wish === undefined ? undefined : predict(request, wish, options);
  };
}

function predict(
  request: ServerRequest,
  wish: Wish,
  options: InferenceOptions,
): Promise<Answer> {
  const { registry, started } = options;
  const ask = (model: Model) =>
    counted(request, model, { wish, metrics: options.metrics });
  const model = wish.name === undefined ? undefined : registry.find(wish.name);
  if (model !== undefined) return ask(model);
  return started.then(() => ask(findModel(registry, wish.name)));
}

async function counted(
  request: ServerRequest,
  model: Model,
  { wish, metrics }: { readonly wish: Wish; readonly metrics: Metrics },
): Promise<Answer> {
  const answer = await answerOf(request, model, wish);
  metrics.find(model.name)?.answered(answer.status, {
    ms: performance.now() - request.startedAt,
    received: request.body.length,
    sent: answer.body.length,
  });
  return answer;
}

async function answerOf(
  request: ServerRequest,
  model: Model,
  wish: Wish,
): Promise<Answer> {
  try {
    return await model.predict(readInputs(request, wish), request.signal);
  } catch (error) {
    return problemAnswer(error, request.id);
  }
}

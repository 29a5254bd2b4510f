import { MmsError } from "../../errors.ts";
import type { Metrics } from "../../metrics.ts";
import type { Model, Registry } from "../../workload/mod.ts";
import type { Answer } from "../exchange/answer.ts";
import type { Route } from "../exchange/face.ts";
import { readInputs } from "./inputs.ts";
import { problemAnswer } from "../problem.ts";
import { RefusalPace } from "../exchange/refusal_pace.ts";
import type { ServerRequest } from "../exchange/request.ts";
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
  const context = { ...options, pace: new RefusalPace() };
  return (request) => {
    if (request.method === "OPTIONS") return undefined;
    const wish = readWish(request);
    return wish === undefined ? undefined : predict({ request, wish }, context);
  };
}

/** A request, and what it wants. */
interface Asked {
  readonly request: ServerRequest;
  readonly wish: Wish;
}

interface InferenceContext extends InferenceOptions {
  readonly pace: RefusalPace;
}

function predict(asked: Asked, context: InferenceContext): Promise<Answer> {
  const { registry, started } = context;
  const { name } = asked.wish;
  const model = name === undefined ? undefined : registry.find(name);
  if (model !== undefined) return askModel(model, asked, context);
  return started.then(() =>
    askModel(findModel(registry, name), asked, context)
  );
}

async function askModel(
  model: Model,
  { request, wish }: Asked,
  { metrics, pace }: InferenceContext,
): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await model.predict(readInputs(request, wish), request.signal);
  } catch (error) {
    const isRefusal = error instanceof MmsError &&
      error.code === "service_unavailable";
    if (isRefusal) await pace.wait(request.signal);
    answer = problemAnswer(error, request.id);
  }
  metrics.find(model.name)?.answered(answer.status, {
    ms: performance.now() - request.startedAt,
    received: request.body.length,
    sent: answer.body.length,
  });
  return answer;
}

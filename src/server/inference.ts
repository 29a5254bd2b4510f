import { MmsError } from "../errors.ts";
import type { Model, Registry } from "../workload/mod.ts";
import { type Answer, statusAnswer } from "./answer.ts";
import { resourceNotFound, type Route } from "./face.ts";
import { healthText } from "./health.ts";
import { readInputs } from "./inputs.ts";
import { parseQuery } from "./pairs.ts";
import type { ServerRequest } from "./request.ts";

/** What the inference API needs. */
export interface InferenceOptions {
  /** The models. */
  readonly registry: Registry;
  /** Resolves when the models that are served from the start are registered. */
  readonly started: Promise<void>;
}

/**
 * Returns the answers of the inference API. A prediction gets here without the
 * detour over `Request` and `Response`. No method but `OPTIONS`, which asks for
 * a description, is told from the others: as in the original, each predicts.
 */
export function inferenceRoute(options: InferenceOptions): Route {
  return (request) => {
    if (request.segments[0] === "ping") return ping(options.registry);
    if (request.method === "OPTIONS") return undefined;
    const wish = readWish(request);
    return wish === undefined ? undefined : predict(request, wish, options);
  };
}

/** What a request wants to be predicted. */
interface Wish {
  /** Left out: by the only model there is from the start. */
  readonly name?: string | undefined;
  /** Whether the parameters of the query are input too. */
  readonly query: boolean;
}

/** The last three paths are SageMaker's, its other one, and that of MMS 0.4. */
function readWish(request: ServerRequest): Wish | undefined {
  const { segments: [first, second, third], segments } = request;
  switch (first) {
    case "predictions":
      if (second === undefined) throw resourceNotFound();
      return { name: second, query: false };
    case "invocations":
      return segments.length === 1
        ? { name: invokedName(request), query: true }
        : undefined;
    case "models":
      return segments.length === 3 && third === "invoke"
        ? { name: second, query: true }
        : undefined;
    case "api-description":
      return undefined;
    default:
      return segments.length === 2 && second === "predict"
        ? { name: first, query: true }
        : undefined;
  }
}

/** As in the original, a `model_name` in the body is input, and names nobody. */
function invokedName({ queryText }: ServerRequest): string | undefined {
  const parameter = parseQuery(queryText).find(({ name }) =>
    name === "model_name"
  );
  return parameter && new TextDecoder().decode(parameter.value);
}

function predict(
  request: ServerRequest,
  wish: Wish,
  { registry, started }: InferenceOptions,
): Promise<Answer> {
  const ask = (model: Model) =>
    model.predict(readInputs(request, wish), request.signal);
  const model = wish.name === undefined ? undefined : registry.find(wish.name);
  if (model !== undefined) return ask(model);
  return started.then(() => ask(findModel(registry, wish.name)));
}

function findModel(registry: Registry, name: string | undefined): Model {
  if (name !== undefined) return registry.get(name);
  const [only, ...others] = registry.list().filter((model) =>
    model.describe().loadedAtStartup
  );
  if (only !== undefined && others.length === 0) return only;
  throw new MmsError("bad_request", "Parameter model_name is required.");
}

function ping(registry: Registry): Promise<Answer> {
  return Promise.resolve(statusAnswer(200, healthText(registry)));
}

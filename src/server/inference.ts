import type { Model, Registry } from "../workload/mod.ts";
import { MmsError } from "../errors.ts";
import { type Answer, statusAnswer } from "./answer.ts";
import { resourceNotFound, type Route } from "./face.ts";
import { healthText } from "./health.ts";
import { type InputOptions, readInputs } from "./inputs.ts";
import { parseQuery } from "./pairs.ts";
import type { ServerRequest } from "./request.ts";

/**
 * Returns the answers of the inference API. A prediction gets here without the
 * detour over `Request` and `Response`. No method but `OPTIONS`, which asks for
 * a description, is told from the others: as in the original, each predicts.
 */
export function inferenceRoute(registry: Registry): Route {
  return (request) => {
    const { segments, method } = request;
    const [first, second, third] = segments;
    if (first === "ping") return ping(registry);
    if (method === "OPTIONS") return undefined;
    if (first === "predictions") {
      if (second === undefined) throw resourceNotFound();
      return predict(registry.get(second), request, { query: false });
    }
    if (first === "invocations" && segments.length === 1) {
      return predict(invokedModel(registry, request), request, { query: true });
    }
    if (first === "models" && third === "invoke" && segments.length === 3) {
      return predict(registry.get(second!), request, { query: true });
    }
    if (second === "predict" && segments.length === 2 && !isReserved(first!)) {
      return predict(registry.get(first!), request, { query: true });
    }
    return undefined;
  };
}

// Models of these names are reached under /predictions alone.
function isReserved(name: string): boolean {
  return ["ping", "predictions", "invocations", "api-description", "models"]
    .includes(name);
}

function predict(
  model: Model,
  request: ServerRequest,
  options: InputOptions,
): Promise<Answer> {
  return model.predict(readInputs(request, options), request.signal);
}

/** Returns the model that `/invocations` asks for, by query alone, or the only one. */
function invokedModel(registry: Registry, request: ServerRequest): Model {
  const named = parseQuery(request.queryText).find(({ name }) =>
    name === "model_name"
  );
  if (named !== undefined) {
    return registry.get(new TextDecoder().decode(named.value));
  }
  const [only, ...others] = registry.list().filter((model) =>
    model.describe().loadedAtStartup
  );
  if (only !== undefined && others.length === 0) return only;
  throw new MmsError("bad_request", "Parameter model_name is required.");
}

function ping(registry: Registry): Promise<Answer> {
  return Promise.resolve(statusAnswer(200, healthText(registry)));
}

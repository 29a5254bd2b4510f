import { MmsError } from "../../errors.ts";
import type { Model, Registry } from "../../workload/mod.ts";
import { resourceNotFound } from "../exchange/face.ts";
import { parseQuery } from "../management/pairs.ts";
import type { RequestHead } from "../exchange/request.ts";

/** What a request wants to be predicted. */
export interface Wish {
  /** Left out: by the only model there is from the start. */
  readonly name?: string | undefined;
  /** Whether the parameters of the query are input too. */
  readonly query: boolean;
}

/**
 * Reads which model a request asks, if its path is one of the inference API's:
 * `/predictions`, SageMaker's two, or that of MMS 0.4.
 *
 * @throws {MmsError} `resource_not_found` if the path ends before the model
 */
export function readWish(request: RequestHead): Wish | undefined {
  const { segments } = request;
  const second = segments[1];
  switch (segments[0]) {
    case "predictions":
    // As the original's description of a model has it.
    case "prediction":
      if (second === undefined) throw resourceNotFound();
      return { name: second, query: false };
    case "invocations":
      return segments.length === 1
        ? { name: invokedName(request), query: true }
        : undefined;
    case "models":
      return segments.length === 3 && segments[2] === "invoke"
        ? { name: second, query: true }
        : undefined;
    case "api-description":
      return undefined;
    default:
      return segments.length === 2 && second === "predict"
        ? { name: segments[0], query: true }
        : undefined;
  }
}

/**
 * Returns the model of that name, or the only one there is from the start.
 *
 * @throws {MmsError} `model_not_found` if there is none of that name;
 * `bad_request` if none is named and there are several, or none
 */
export function findModel(registry: Registry, name: string | undefined): Model {
  if (name !== undefined) return registry.get(name);
  const [only, ...others] = registry.list().filter((model) =>
    model.describe().loadedAtStartup
  );
  if (only !== undefined && others.length === 0) return only;
  throw new MmsError("bad_request", "Parameter model_name is required.");
}

/** As in the original, a `model_name` in the body is input, and names nobody. */
function invokedName({ queryText }: RequestHead): string | undefined {
  const parameter = parseQuery(queryText).find(({ name }) =>
    name === "model_name"
  );
  return parameter && new TextDecoder().decode(parameter.value);
}

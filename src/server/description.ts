import type { Registry } from "../workload/mod.ts";
import { type Answer, jsonAnswer } from "./exchange/answer.ts";
import { MethodNotAllowed, type Route } from "./exchange/face.ts";
import type { Connector } from "./openapi/documents.ts";
import { findModel, readWish, type Wish } from "./inference/wish.ts";

/** What descriptions tell of. */
export interface DescriptionOptions {
  /** The models. */
  readonly registry: Registry;
  /** Workers that callers may give a model. */
  readonly maxWorkers: number;
  /** Whether metrics are shown where predictions are answered. */
  readonly inferenceMetrics: boolean;
}

/**
 * Returns what describes the API of an address and, where predictions are
 * answered, each model, in OpenAPI.
 */
export function descriptionRoute(
  connector: Connector,
  options: DescriptionOptions,
): Route {
  return (request) => {
    const { segments, method } = request;
    const first = segments[0];
    if (first === undefined || first === "api-description") {
      const isAsked = method === "OPTIONS" || first !== undefined;
      if (segments.length > 1) throw new MethodNotAllowed();
      if (!isAsked) throw new MethodNotAllowed("OPTIONS");
      return describeApi(connector, options);
    }
    if (method !== "OPTIONS" || connector === "management") return undefined;
    const wish = readWish(request);
    return wish === undefined
      ? undefined
      : describeModel(options.registry, wish);
  };
}

async function describeApi(
  connector: Connector,
  options: DescriptionOptions,
): Promise<Answer> {
  const { apiDocument } = await import(
    import.meta.resolve("./openapi/documents.ts")
  ) as typeof import("./openapi/documents.ts");
  return jsonAnswer(200, apiDocument(connector, options));
}

async function describeModel(registry: Registry, wish: Wish): Promise<Answer> {
  const model = findModel(registry, wish.name);
  const { modelDocument } = await import(
    import.meta.resolve("./openapi/documents.ts")
  ) as typeof import("./openapi/documents.ts");
  return jsonAnswer(200, modelDocument(model));
}

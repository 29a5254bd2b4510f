import type { Model, Registry } from "../workload/mod.ts";
import { type Answer, jsonAnswer, statusAnswer } from "./exchange/answer.ts";
import type { Route } from "./exchange/face.ts";
import type { RequestHead } from "./exchange/request.ts";

/** What the answers about a server's health depend on. */
export interface HealthOptions {
  /** The models. */
  readonly registry: Registry;
  /** Resolves when the models that are served from the start are registered. */
  readonly started: Promise<void>;
  /** Whether `/ping` answers 503 while no model can be served; MMS answers 200. */
  readonly pingFailsWhenUnhealthy: boolean;
  /** Whether the server is about to stop. */
  readonly isStopping: () => boolean;
}

/** Returns what answers `/ping`, on any method, and `/health/live` and `/health/ready`. */
export function healthRoute(options: HealthOptions): Route {
  let hasStarted = false;
  options.started.then(() => hasStarted = true, () => {});
  return (request) => {
    if (!isAboutHealth(request)) return undefined;
    const [first, second] = request.segments;
    if (first === "ping") return Promise.resolve(ping(options));
    return Promise.resolve(
      second === "live"
        ? statusAnswer(200, "Live")
        : ready(options, { hasStarted }),
    );
  };
}

/** Whether a request asks for the server's health: a model may be called so, too. */
export function isAboutHealth({ segments }: RequestHead): boolean {
  switch (segments[0]) {
    case "ping":
      return true;
    case "health":
      return segments.length === 2 &&
        (segments[1] === "live" || segments[1] === "ready");
  }
  return false;
}

function ping({ registry, pingFailsWhenUnhealthy }: HealthOptions): Answer {
  const text = healthText(registry.list());
  const fails = pingFailsWhenUnhealthy && text === "Unhealthy";
  return statusAnswer(fails ? 503 : 200, text);
}

/** The original's words for how many of the wanted workers there are. */
type HealthText = "Healthy" | "Partial Healthy" | "Unhealthy";

/** A worker that still loads counts as there: requests wait for it. */
function healthText(models: readonly Model[]): HealthText {
  let wanted = 0;
  let there = 0;
  for (const model of models) {
    wanted += model.range.minWorkers;
    there += model.describe().workers.filter(({ status }) =>
      status === "READY" || status === "LOADING"
    ).length;
  }
  if (there === 0 && wanted > 0) return "Unhealthy";
  return there < wanted ? "Partial Healthy" : "Healthy";
}

/** Ready is who goes on serving, and can serve all models of the start. */
function ready(
  { registry, isStopping }: HealthOptions,
  { hasStarted }: { readonly hasStarted: boolean },
): Answer {
  if (isStopping()) return statusAnswer(503, "Stopping");
  if (!hasStarted) return statusAnswer(503, "Starting");
  const waiting = registry.list().map((model) => model.describe()).filter((
    { loadedAtStartup, status },
  ) => loadedAtStartup && (status === "LOADING" || status === "FAILED"));
  if (waiting.length === 0) return statusAnswer(200, "Ready");
  const models = waiting.map(({ modelName, status, reason }) => ({
    modelName,
    status,
    reason,
  }));
  return jsonAnswer(503, { status: "Not ready", models });
}

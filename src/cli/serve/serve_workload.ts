import type { Settings } from "../../config/mod.ts";
import { droppedLogLines, metricsLog } from "../../log.ts";
import { Metrics, type ModelState } from "../../metrics.ts";
import { Registry } from "../../workload/mod.ts";
import { modelStore, openModels } from "../open_models.ts";
import type { ModelJournal } from "./model_journal.ts";
import { registerModels, type RegisterModelsOptions } from "./serve_models.ts";
import { pythonWorkers, registryOptions } from "./serve_registry.ts";

/** The models of a server, without any HTTP. */
export interface Workload extends AsyncDisposable {
  /** The models. */
  readonly registry: Registry;
  /** What callers have changed about them. */
  readonly journal: ModelJournal;
  /** What they do, counted. */
  readonly metrics: Metrics;
  /**
   * Resolves when the models that are served from the start are registered;
   * rejects if one of them is nowhere to be found.
   */
  readonly started: Promise<void>;
  /** Why models were left out, a sentence each; complete once it has started. */
  readonly leftOut: readonly string[];
}

/** Workers get a moment more than callers, or they would look as if they hung. */
export const WORKER_GRACE_MS = 1000;

/** Begins to register and to load the models that are served from the start. */
export function startWorkload(
  settings: Settings,
  options: RegisterModelsOptions,
): Workload {
  const stack = new AsyncDisposableStack();
  const store = stack.use(modelStore(settings));
  const python = stack.use(pythonWorkers(settings));
  const metrics = new Metrics({
    mmsLog: metricsLog("mms_metrics"),
    modelLog: metricsLog("model_metrics"),
  });
  const open = openModels(store, settings);
  const registry = new Registry(
    registryOptions(settings, { open, python, metrics }),
  );
  stack.defer(() => registry.close(WORKER_GRACE_MS));
  metrics.watch({ models: () => modelStates(registry), droppedLogLines });
  const leftOut: string[] = [];
  const started = registerModels(registry, { settings, ...options }).then(
    (reasons) => {
      leftOut.push(...reasons);
    },
  );
  // It is awaited once HTTP is there, and may fail before.
  started.catch(() => {});
  return {
    registry,
    journal: options.journal,
    metrics,
    started,
    leftOut,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function modelStates(registry: Registry): readonly ModelState[] {
  return registry.list().map((model) => ({
    name: model.name,
    queueLength: model.queueLength,
    workers: model.describe().workers,
  }));
}

/**
 * Registered models, their queues and their worker processes.
 *
 * @module
 */

export type {
  ModelDescription,
  ModelStatus,
  WorkerDescription,
  WorkerStatus,
} from "./description.ts";
export { workerLaunch } from "./launch.ts";
export type { WorkerCommand, WorkerLaunch, WorkerPurpose } from "./launch.ts";
export type { Model } from "./model.ts";
export type {
  ModelLimits,
  OpenArchive,
  OpenedArchive,
  RegisterOptions,
  RegistryOptions,
  ScaleOutcome,
  WorkerRange,
} from "./options.ts";
export {
  PythonWorkers,
  type PythonWorkersOptions,
} from "./python/python_workers.ts";
export { Registry } from "./registry.ts";
export { workerMain } from "./worker_main.ts";

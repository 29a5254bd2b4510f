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
export { workerLaunch } from "./process/launch.ts";
export type {
  WorkerCommand,
  WorkerLaunch,
  WorkerPurpose,
} from "./process/launch.ts";
export type { CallerSignal } from "./queue/job.ts";
export type { Model } from "./registry/model.ts";
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
  PythonPackage,
  type PythonPackageOptions,
} from "./python/python_package.ts";
export {
  PythonWorkers,
  type PythonWorkersOptions,
} from "./python/python_workers.ts";
export { Registry } from "./registry/registry.ts";
export { workerService, type WorkerServiceOptions } from "./worker_service.ts";

/** What a registered model is doing at the moment. */
export interface ModelState {
  /** What it is registered as. */
  readonly name: string;
  /** Requests that wait. */
  readonly queueLength: number;
  /** Its workers. */
  readonly workers: readonly WorkerState[];
}

/** What a worker is doing at the moment; its description is one. */
export interface WorkerState {
  /** Stays the same when the worker is restarted. */
  readonly id: string;
  /** `LOADING`, `READY`, `FAILED` or `UNLOADING`. */
  readonly status: string;
  /** Resident memory in bytes; 0 where it cannot be told. */
  readonly memoryUsage: number;
}

/** What is asked for only when somebody looks at the metrics. */
export interface MetricsState {
  /** Returns the registered models. */
  readonly models: () => Iterable<ModelState>;
  /** Returns how many lines of logs were lost. */
  readonly droppedLogLines?: (() => number) | undefined;
}

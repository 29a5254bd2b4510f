/** A command that becomes a worker once it has read its socket and secret. */
export interface WorkerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the worker: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a worker is started for. */
export interface WorkerPurpose {
  /** Threads within one operator. */
  readonly threads: number;
}

/** Decides which command becomes a worker. */
export type WorkerLaunch = (purpose: WorkerPurpose) => WorkerCommand;

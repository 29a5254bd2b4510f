import type { ModelArchive, Runtime } from "../../archive/mod.ts";
import type { ServiceKind } from "../../service/mod.ts";
import { LITTLE_MEMORY } from "../../v8_flags.ts";

/**
 * A command that becomes a worker. It is given where to connect to as its last
 * argument, and the secret as a line on its standard input, whose end means
 * that the front is gone.
 */
export interface WorkerCommand {
  /** The program, by path or by name. */
  readonly command: string;
  /** Its arguments but the last. */
  readonly args: readonly string[];
  /** The whole environment of the worker: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder it runs in; that of the front where left out. */
  readonly folder?: string;
  /** What to do where there is no such program, to complete a sentence. */
  readonly remedy?: string;
  /** Which service the model gets, where that is known beforehand. */
  readonly service?: ServiceKind;
}

/** What a worker is started for. */
export interface WorkerPurpose {
  /** The model it is to load. */
  readonly archive: ModelArchive;
  /** What replaces the manifest's handler. */
  readonly handler: string | undefined;
  /** Whether its Python code runs as such in any case. */
  readonly service: "auto" | "python";
  /** Whether code that nobody holds in may run: that of Python services. */
  readonly mayRunCode: boolean;
  /** What runs the model's service. */
  readonly runtime: Runtime;
  /** Threads within one operator. */
  readonly threads: number;
}

/** Decides which command becomes a worker. */
export type WorkerLaunch = (
  purpose: WorkerPurpose,
) => WorkerCommand | Promise<WorkerCommand>;

/**
 * What a worker may do until its model is loaded; it gives most of that up
 * itself. `write` is there for the socket and the graph cache.
 */
const FLAGS: readonly string[] = [
  "--quiet",
  LITTLE_MEMORY,
  "--no-prompt",
  "--cached-only",
  // Services are other people's code: what they run has been looked at.
  "--v8-flags=--disallow-code-generation-from-strings",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-sys",
  "--allow-ffi",
];

/** Variables of ours that hold secrets: workers run other people's code. */
const SECRET = /^MMS_.*(TOKEN|PASSWORD|PASSPHRASE|SECRET|KEY)/i;

/**
 * Starts workers as this program's own hidden command `worker`.
 *
 * @param entry what `deno run` is to run for that: the program itself unless
 * said otherwise. A compiled program needs none.
 */
export function workerLaunch(
  entry?: string | URL,
): (purpose: WorkerPurpose) => WorkerCommand {
  return ({ threads }) => ({
    command: Deno.execPath(),
    args: Deno.build.standalone
      ? ["worker"]
      : ["run", ...FLAGS, String(entry ?? Deno.mainModule), "worker"],
    env: workerEnvironment(Deno.env.toObject(), threads),
  });
}

/**
 * Returns the environment of our own worker: what services get, with what keeps
 * the C heap small.
 */
export function workerEnvironment(
  inherited: Readonly<Record<string, string>>,
  threads: number,
): Readonly<Record<string, string>> {
  return {
    MALLOC_ARENA_MAX: "1",
    MALLOC_MMAP_THRESHOLD_: "131072",
    ...serviceEnvironment(inherited, threads),
    ORT_DISABLE_TELEMETRY: "1",
    NO_COLOR: "1",
  };
}

/**
 * Returns the environment of a service: that of the front without its secrets,
 * with what keeps numeric libraries to their threads.
 */
export function serviceEnvironment(
  inherited: Readonly<Record<string, string>>,
  threads: number,
): Readonly<Record<string, string>> {
  const kept = Object.entries(inherited).filter(([name]) => !SECRET.test(name));
  return {
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
    MKL_NUM_THREADS: String(threads),
    ...Object.fromEntries(kept),
  };
}

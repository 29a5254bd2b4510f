import {
  chooseService,
  handlerRuntime,
  type OpenedArchive,
} from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import { loadService, type Service } from "../../service/mod.ts";

/** How the service of a model is loaded. */
export interface PredictServiceOptions {
  readonly threads: number;
  /** Inputs that run together. */
  readonly batchSize: number;
  readonly cacheFolder: string | undefined;
  /** How many classes to answer with. */
  readonly top: number | undefined;
  /** Whether Python code may run that came from a url. */
  readonly allowsPython: boolean;
  /** The program that runs Python code. */
  readonly python: string | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Loads the service of a model: here where it is built in, in a worker where it
 * is code.
 *
 * @throws {MmsError} `forbidden` if it is Python code that nobody vouches for;
 * `invalid_model` or `load_failed` if it cannot be loaded
 */
export async function loadPredictService(
  opened: OpenedArchive,
  resources: AsyncDisposableStack,
  options: PredictServiceOptions,
): Promise<Service> {
  const { archive } = opened;
  const { handler } = await chooseService(archive);
  if (handler === undefined || handler.startsWith("mms:")) {
    const { top, ...others } = options;
    return await loadService(archive, {
      ...others,
      ...top !== undefined && { top },
    });
  }
  const isHeldIn = handlerRuntime(handler, archive.manifest.runtime) === "deno";
  if (!isHeldIn) requireTrust(opened, handler, options);
  const { PythonWorkers, workerService } = await import(
    "../../workload/mod.ts"
  );
  const { python: interpreter, cacheFolder } = options;
  const workers = resources.use(
    new PythonWorkers({ interpreter, cacheFolder }),
  );
  return await workerService(archive, {
    ...options,
    // Many services of the original take one request, as servers do by default.
    batchSize: isHeldIn ? options.batchSize : 1,
    launch: workers.beside(),
  });
}

/** Decides whether the Python code of a model may run. */
function requireTrust(
  { archive, source }: OpenedArchive,
  handler: string,
  { allowsPython }: PredictServiceOptions,
): void {
  if (allowsPython || source !== "url") return;
  throw new MmsError(
    "forbidden",
    `Cannot run model "${archive.name}": its handler "${handler}" is Python code that came from a url, --allow-python would run it`,
  );
}

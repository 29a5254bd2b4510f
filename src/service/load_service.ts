import {
  BUILT_IN_SERVICES,
  type BuiltInService,
  chooseService,
  handlerRuntime,
  type ModelArchive,
  type Runtime,
  type ServiceChoice,
} from "../archive/mod.ts";
import { MmsError } from "../errors.ts";
import { logger } from "../log.ts";
import type { Binding } from "./binding.ts";
import { GraphService } from "./graph_service.ts";
import { loadHandler } from "./load_handler.ts";
import { bindModel, openSession } from "./open_session.ts";
import { requirePictureSizes } from "./picture_sizes.ts";
import type { Service } from "./service.ts";

/** How a service is loaded. */
export interface LoadServiceOptions {
  /** Threads within one operator of the graph, 1 or more. */
  readonly threads: number;
  /** Takes the place of the manifest's handler. */
  readonly handler?: string;
  /** Whether Python code runs as such, though a built-in service does the same. */
  readonly service?: "auto" | "python";
  /**
   * Where converted checkpoints are kept; left out, or not writable: in a
   * temporary folder of this process.
   */
  readonly cacheFolder?: string | undefined;
  /** What the model is registered as; the archive's own name by default. */
  readonly name?: string;
  /** Takes the place of the manifest's runtime. */
  readonly runtime?: Runtime;
  /** Requests in a batch at most; 1 by default. */
  readonly batchSize?: number;
  /** Hosts that a service in TypeScript may fetch from; none by default. */
  readonly net?: readonly string[];
  /** Takes the place of the signature's `top`: classes of the image service. */
  readonly top?: number;
}

/**
 * Loads the service that answers for an archive.
 *
 * @throws {MmsError} `invalid_model` if its graph, signature and handler do
 * not make a service
 */
export async function loadService(
  archive: ModelArchive,
  options: LoadServiceOptions,
): Promise<Service> {
  const choice = await chooseService(archive, options);
  if (choice.handler === "mms:noop") {
    return (await import("./noop_service.ts")).noopService();
  }
  if (isScript(choice, options.runtime ?? archive.manifest.runtime)) {
    const { loadCustom } = await import("./custom/load_custom.ts");
    return await loadCustom(archive, choice, options);
  }
  requireBuiltIn(choice, archive);
  await using resources = new AsyncDisposableStack();
  const session = await openSession(archive, options, resources);
  const binding = bindModel(archive, session, options.top);
  const { name, reason } = settle(choice, binding, archive);
  if (takesPictures(name)) requirePictureSizes(archive, binding.inputs);
  logger("service").info(`"${archive.name}" runs as ${name}: ${reason}`);
  return new GraphService({
    session,
    kind: { name, reason },
    handler: await loadHandler(name, { ...archive, binding }),
    resources: resources.move(),
  });
}

/** TypeScript and JavaScript run here, in a thread of their own. */
function isScript(
  choice: ServiceChoice,
  runtime: Runtime,
): choice is ServiceChoice & { readonly handler: string } {
  const { handler } = choice;
  return handler !== undefined && !handler.startsWith("mms:") &&
    handlerRuntime(handler, runtime) === "deno";
}

function requireBuiltIn(
  { handler, reason }: ServiceChoice,
  archive: ModelArchive,
): void {
  if (handler === undefined || isBuiltIn(handler)) return;
  throw new MmsError(
    "invalid_model",
    handler.startsWith("mms:")
      ? `Cannot load handler "${handler}" of model "${archive.name}": there is no such service, built in are ${
        BUILT_IN_SERVICES.join(", ")
      }`
      : `Cannot run model "${archive.name}" here: its handler "${handler}" is Python code (${reason}), mms serve runs that, mms predict does not yet`,
  );
}

function isBuiltIn(handler: string): handler is BuiltInService {
  return BUILT_IN_SERVICES.some((service) => service === handler);
}

function takesPictures(service: BuiltInService): boolean {
  return service !== "mms:json" && service !== "mms:lstm";
}

/** Where no handler is named, what callers send decides. */
function settle(
  { handler, reason }: ServiceChoice,
  { inputType }: Binding,
  { signature }: ModelArchive,
): { readonly name: BuiltInService; readonly reason: string } {
  if (handler !== undefined && isBuiltIn(handler)) {
    return { name: handler, reason };
  }
  const source = signature?.inputType === undefined
    ? "its inputs look like"
    : "its signature's input_type is";
  return {
    name: inputType === "image/jpeg" ? "mms:image" : "mms:json",
    reason: `${reason}, ${source} ${inputType}`,
  };
}

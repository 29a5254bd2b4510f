import {
  BUILT_IN_SERVICES,
  type BuiltInService,
  chooseService,
  type ModelArchive,
  type ServiceChoice,
  type Signature,
} from "../archive/mod.ts";
import { onnxEngine, type Session } from "../engine/mod.ts";
import { MmsError } from "../errors.ts";
import { logger } from "../log.ts";
import { type Binding, bindSignature } from "./binding.ts";
import { checkpointSignature } from "./checkpoint_signature.ts";
import { openGraphFile } from "./graph_file.ts";
import { GraphService } from "./graph_service.ts";
import { loadHandler } from "./load_handler.ts";
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
  requireBuiltIn(choice, archive);
  await using resources = new AsyncDisposableStack();
  const graph = await openGraphFile(archive, options.cacheFolder);
  resources.use(graph);
  const session = await onnxEngine().load(graph.path, options);
  resources.use(session);
  await graph.loaded();
  const bound = bindSignature(signatureFor(archive, session), session);
  const binding = { ...bound, top: options.top ?? bound.top };
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

function signatureFor(
  { graph, signature }: ModelArchive,
  session: Session,
): Signature | undefined {
  return graph?.format === "mxnet" && signature !== undefined
    ? checkpointSignature(signature, session)
    : signature;
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

import type { ModelArchive, Signature } from "../archive/mod.ts";
import { onnxEngine, type Session } from "../engine/mod.ts";
import { MmsError } from "../errors.ts";
import { type Binding, bindSignature } from "./binding.ts";
import { openGraphFile } from "./graph_file.ts";
import { GraphService } from "./graph_service.ts";
import type { Handler, Service } from "./service.ts";

/** The services that mms has by itself, as manifests name them. */
export type BuiltInHandler = "mms:image" | "mms:json" | "mms:noop";

/** How a service is loaded. */
export interface LoadServiceOptions {
  /** Threads within one operator of the graph, 1 or more. */
  readonly threads: number;
  /** Takes the place of the manifest's handler. */
  readonly handler?: string;
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
  const named = options.handler ?? archive.manifest.handler;
  if (named === "mms:noop") {
    return (await import("./noop_service.ts")).noopService();
  }
  const handler = builtInHandler(named, archive);
  await using resources = new AsyncDisposableStack();
  const graph = await openGraphFile(archive, options.cacheFolder);
  resources.use(graph);
  const session = await onnxEngine().load(graph.path, options);
  resources.use(session);
  const bound = bindSignature(archive.signature, session);
  const binding = { ...bound, top: options.top ?? bound.top };
  return new GraphService({
    session,
    handler: await loadHandler(handler, binding, archive.labels),
    resources: resources.move(),
  });
}

/**
 * Returns the signature that a graph has by itself: its own inputs and
 * outputs, with what callers send guessed from the shape of its input.
 *
 * @throws {MmsError} `invalid_model` if the file is not a graph that runs
 */
export async function graphSignature(path: string): Promise<Signature> {
  await using session = await onnxEngine().load(path, { threads: 1 });
  return signatureOf(session);
}

function signatureOf(session: Session): Signature {
  const { inputs, inputType, outputType, top } = bindSignature(
    undefined,
    session,
  );
  return {
    inputs: inputs.map(({ name, shape, type, preprocess }) => ({
      name,
      shape,
      dataType: type,
      preprocess,
    })),
    inputType,
    outputs: session.outputs.map(({ name, shape }) => ({
      name,
      shape: shape.map((extent) => typeof extent === "number" ? extent : 0),
      softmax: false,
    })),
    outputType,
    top,
  };
}

/** `undefined`: as the signature, or else the graph, suggests. */
function builtInHandler(
  named: string | undefined,
  archive: ModelArchive,
): BuiltInHandler | undefined {
  if (named === undefined || named === "mms:image" || named === "mms:json") {
    return named;
  }
  throw new MmsError(
    "invalid_model",
    `Cannot load handler "${named}" of model "${archive.name}": it is code, this version runs the built-in services "mms:image" and "mms:json"`,
  );
}

async function loadHandler(
  named: BuiltInHandler | undefined,
  binding: Binding,
  labels: readonly string[],
): Promise<Handler> {
  const isImage = named === undefined
    ? binding.inputType === "image/jpeg"
    : named === "mms:image";
  if (isImage) {
    const { ImageHandler } = await import("./image/image_handler.ts");
    return new ImageHandler(binding, labels);
  }
  const { JsonHandler } = await import("./json_handler.ts");
  return new JsonHandler(binding);
}

import type { ModelArchive, Signature } from "../archive/mod.ts";
import { onnxEngine, type Session } from "../engine/mod.ts";
import { type Binding, bindSignature } from "./binding.ts";
import { checkpointSignature } from "./checkpoint_signature.ts";
import { openGraphFile } from "./graph_file.ts";

/** How the graph of a model is opened. */
export interface OpenSessionOptions {
  /** Threads within one operator, 1 or more. */
  readonly threads: number;
  /** Where converted checkpoints are kept. */
  readonly cacheFolder?: string | undefined;
}

/**
 * Loads the graph of a model; what it needs is added to `resources`.
 *
 * @throws {MmsError} `invalid_model` if there is none that runs
 */
export async function openSession(
  archive: ModelArchive,
  options: OpenSessionOptions,
  resources: AsyncDisposableStack,
): Promise<Session> {
  const graph = await openGraphFile(archive, options.cacheFolder);
  resources.use(graph);
  const session = await onnxEngine().load(graph.path, options);
  resources.use(session);
  await graph.loaded();
  return session;
}

/**
 * Ties the signature of a model to its graph.
 *
 * @throws {MmsError} `invalid_model` if the two do not fit
 */
export function bindModel(
  archive: ModelArchive,
  session: Session,
  top: number | undefined,
): Binding {
  const bound = bindSignature(signatureFor(archive, session), session);
  return { ...bound, top: top ?? bound.top };
}

function signatureFor(
  { graph, signature }: ModelArchive,
  session: Session,
): Signature | undefined {
  return graph?.format === "mxnet" && signature !== undefined
    ? checkpointSignature(signature, session)
    : signature;
}

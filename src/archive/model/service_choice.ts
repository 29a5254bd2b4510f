import { MmsError } from "../../errors.ts";
import { findTwin } from "./built_in_twin.ts";
import { handlerRuntime } from "./handler_runtime.ts";
import type { ModelArchive } from "./model_archive.ts";
import type { StockServices } from "./stock_service.ts";

/** Which service answers for a model, and why. */
export interface ServiceChoice {
  /**
   * `mms:…` is built in, anything else `module[:function]`; `undefined`:
   * whatever suits the graph.
   */
  readonly handler: string | undefined;
  /** A sentence without its first capital and final period. */
  readonly reason: string;
}

/** What whoever loads a model says of its service. */
export interface ServiceChoiceOptions {
  /** Takes the place of the manifest's handler. */
  readonly handler?: string | undefined;
  /** Whether Python code runs as such, though a built-in service does the same. */
  readonly service?: "auto" | "python" | undefined;
  /** The files of the original server that are known, for tests. */
  readonly stock?: StockServices;
}

/**
 * Returns the service that answers for a model: what its handler names, or the
 * built-in service that does what an unedited service file of the original
 * does.
 *
 * @throws {MmsError} `invalid_model` if Python is asked for and there is none
 */
export async function chooseService(
  archive: Pick<ModelArchive, "name" | "folder" | "manifest" | "graph">,
  options: ServiceChoiceOptions = {},
): Promise<ServiceChoice> {
  const handler = options.handler ?? archive.manifest.handler;
  const isCode = handler !== undefined && !handler.startsWith("mms:");
  if (options.service === "python") {
    if (isCode) return { handler, reason: "service=python asks for it" };
    throw new MmsError(
      "invalid_model",
      `Cannot run model "${archive.name}" in Python: its handler is ${
        handler === undefined ? "not named" : `"${handler}"`
      }, the module of a service would be right`,
    );
  }
  const isScript = handlerRuntime(handler, archive.manifest.runtime) === "deno";
  if (!isCode || isScript) {
    return { handler, reason: reasonFor(handler, options) };
  }
  const { service, reason } = await findTwin(
    archive.folder,
    handler,
    options.stock,
  );
  if (service === undefined) return { handler, reason };
  return archive.graph === undefined
    ? { handler, reason: `${reason}, but there is no graph to run without it` }
    : { handler: service, reason };
}

function reasonFor(
  handler: string | undefined,
  options: ServiceChoiceOptions,
): string {
  if (handler === undefined) return "no handler is named";
  return options.handler === undefined
    ? "the manifest names it"
    : "it is named as the handler";
}

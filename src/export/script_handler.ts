import {
  DEFAULT_MANIFEST,
  handlerRuntime,
  openFolder,
  packedText,
  type PackFile,
  type Runtime,
} from "../archive/mod.ts";
import { loadService, stripModules } from "../service/mod.ts";
import type { SourceModel } from "./choose_handler.ts";

/** A handler as it is packed. */
export interface PackedHandler {
  /** As the manifest names it. */
  readonly handler: string;
  /** What runs it. */
  readonly runtime: Runtime;
  /** The files that were made for it. */
  readonly made: readonly PackFile[];
}

/** Whether a handler is TypeScript or JavaScript. */
export function isScriptHandler(handler: string, runtime: Runtime): boolean {
  return !handler.startsWith("mms:") &&
    handlerRuntime(handler, runtime) === "deno";
}

/**
 * Checks that a service in TypeScript or JavaScript loads where it is to run,
 * and puts the JavaScript beside the TypeScript that it was made of.
 *
 * @throws {MmsError} `invalid_model` if it does not load; the message names
 * file, line and code
 */
export async function packScriptHandler(
  model: SourceModel,
  { handler, modelName, warn }: {
    readonly handler: string;
    readonly modelName: string;
    readonly warn: (line: string) => void;
  },
): Promise<PackedHandler> {
  const runtime: Runtime = "deno";
  const manifest = { ...DEFAULT_MANIFEST, modelName, handler, runtime };
  const archive = await openFolder(model.folder, { manifest });
  const service = await loadService(archive, { threads: 1 });
  await service[Symbol.asyncDispose]();
  const stripped = await stripModules(model.folder, handler);
  const made = stripped.files.map(({ name, text }) => packedText(name, text));
  for (const { name } of made) {
    if (!model.files.some((it) => it.name === name)) continue;
    warn(`WARNING - "${name}" is made anew of its TypeScript.`);
  }
  return { handler: stripped.handler, runtime, made };
}

import { createHash } from "node:crypto";
import { messageOf } from "../errors.ts";
import { logger } from "../log.ts";
import { readBoundedFile } from "./bounded_file.ts";
import { pathInside } from "./inside.ts";
import type { Manifest } from "./manifest.ts";

/** A service that mms runs itself. */
export type BuiltInService = "mms:image" | "mms:json";

/** Service files are a few hundred lines; what is larger is not one of these. */
const MAX_SERVICE_BYTES = 1 << 20;

/**
 * The service files whose work a built-in service does, by the SHA-256 of
 * their normalised text.
 */
const TWINS: ReadonlyMap<string, BuiltInService> = new Map([
  // what `mms export` writes: mxnet_vision_service.py, mxnet_model_service.py
  [
    "913d14a83718fa0bdc9ef855b9e41619e868256af078c600112b602b03741c3a",
    "mms:image",
  ],
  [
    "2434480998c084056e3498515e31678b8269400f118bf0b1a7d38ac681b4ea3e",
    "mms:json",
  ],
]);

/**
 * Returns the handler that an archive runs with: the built-in twin of the
 * service file that its manifest names, if the file is one that nobody edited,
 * else what the manifest says.
 */
export async function builtInTwin(
  folder: string,
  manifest: Manifest,
): Promise<string | undefined> {
  const { handler } = manifest;
  if (handler === undefined || handler.startsWith("mms:")) return handler;
  try {
    const path = pathInside(folder, serviceFile(handler));
    const bytes = await readBoundedFile(path, {
      what: handler,
      limit: MAX_SERVICE_BYTES,
    });
    return twinOf(new TextDecoder().decode(bytes)) ?? handler;
  } catch (error) {
    logger("archive").debug(`"${handler}" stays: ${messageOf(error)}`);
    return handler;
  }
}

/**
 * Returns the built-in service that does what a service file does, if its text
 * is known; comments, empty lines and trailing white space do not count.
 */
export function twinOf(text: string): BuiltInService | undefined {
  return TWINS.get(fingerprint(text));
}

/** `pkg/module.py:function`, `pkg.module` and `module` name a `.py` file. */
function serviceFile(handler: string): string {
  const module = handler.replace(/:[^:]*$/, "").replace(/\.py$/, "");
  return `${module.replaceAll(".", "/")}.py`;
}

/** The SHA-256 of a service's text, of its lines that do something. */
function fingerprint(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !line.trimStart().startsWith("#"));
  const normalised = lines.map((line) => line + "\n").join("");
  return createHash("sha256").update(normalised).digest("hex");
}

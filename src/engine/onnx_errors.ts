import { messageOf, MmsError } from "../errors.ts";

/** Returns why the file at `path` is not loaded. */
export async function loadError(
  error: unknown,
  path: string,
): Promise<MmsError> {
  const reason = await isEmpty(path) ? "it is empty" : reasonOf(error, path);
  return new MmsError(
    "invalid_model",
    `Cannot load graph "${path}": ${reason}`,
    { cause: error },
  );
}

/**
 * Returns why a graph did not run.
 *
 * @param graph the file's own name: callers from afar get to see it
 */
export function runError(error: unknown, graph: string): MmsError {
  const message = messageOf(error).replaceAll(/\s+/g, " ").trim();
  if (/bad_alloc|Failed to allocate memory|out of memory/i.test(message)) {
    return new MmsError("out_of_memory", "Out of resources", { cause: error });
  }
  const refused =
    /Invalid rank for input|Got invalid dimensions for input|Unexpected input data type|missing in 'feeds'|Invalid input name/
      .test(message);
  return new MmsError(
    refused ? "bad_request" : "prediction_failed",
    `Cannot run graph "${graph}": ${
      message.replace(
        / Please fix either the inputs\/outputs or the model\.$/,
        "",
      )
    }`,
    { cause: error },
  );
}

async function isEmpty(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.size === 0;
}

/** ONNX Runtime's message without the path that ours names already. */
function reasonOf(error: unknown, path: string): string {
  const message = messageOf(error)
    .replaceAll(/^Load model from .*? failed:\s*/g, "")
    .replaceAll(path, "it")
    .replaceAll(/\s+/g, " ")
    .replace(/\.$/, "");
  return message === "Protobuf parsing failed"
    ? "it is not an ONNX file, or a damaged one"
    : message;
}

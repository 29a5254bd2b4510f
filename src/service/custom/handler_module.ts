import { extname } from "node:path";
import { MmsError } from "../../errors.ts";

/** What a handler names: `module[:callee]`. */
export interface HandlerModule {
  /** The file, relative to the model's folder. */
  readonly file: string;
  /** A function or a class. */
  readonly callee: string | undefined;
}

const ENDINGS: readonly string[] = [".js", ".mjs", ".ts", ".mts"];

/**
 * Returns the file that a handler means: the one it names, or the one of that
 * name that is there, JavaScript before TypeScript.
 *
 * @throws {MmsError} `invalid_model` if there is none
 */
export async function findHandlerModule(
  folder: string,
  handler: string,
): Promise<HandlerModule> {
  const [, module = handler, callee] = /^(.*?)(?::([^:]*))?$/.exec(handler) ??
    [];
  const found = { callee: callee || undefined };
  if (ENDINGS.includes(extname(module))) return { file: module, ...found };
  for (const path of new Set([module, module.replaceAll(".", "/")])) {
    for (const ending of ENDINGS) {
      const file = `${path}${ending}`;
      const info = await Deno.stat(`${folder}/${file}`).catch(() => undefined);
      if (info?.isFile) return { file, ...found };
    }
  }
  throw new MmsError(
    "invalid_model",
    `Cannot load handler "${handler}": there is no "${module}.js" and no "${module}.ts"`,
  );
}

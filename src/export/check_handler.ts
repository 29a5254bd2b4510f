import {
  BUILT_IN_SERVICES,
  DEFAULT_MANIFEST,
  openFolder,
} from "../archive/mod.ts";
import { MmsError } from "../errors.ts";
import { graphSignature, requirePictureSizes } from "../service/mod.ts";
import type { SourceModel } from "./choose_handler.ts";

/** All that a manifest may name beside code; the last one measures the rest. */
const BUILT_IN: readonly string[] = [...BUILT_IN_SERVICES, "mms:noop"];

/**
 * Checks the handler that a user has named: a built-in one must be able to run
 * the model; of code, the original looked at nothing, so a module that is not
 * packed is worth a warning.
 *
 * @throws {MmsError} `usage` if no built-in service is called that;
 * `invalid_archive` or `invalid_model` if it cannot run the model
 */
export async function checkHandler(
  model: SourceModel,
  handler: string,
  options: {
    readonly modelName: string;
    readonly warn: (line: string) => void;
  },
): Promise<void> {
  if (handler.startsWith("mms:")) {
    return await checkBuiltIn(model, handler, options.modelName);
  }
  const module = moduleOf(handler);
  const isPacked = model.files.some(({ name }) => isModule(name, module));
  if (isPacked) return;
  options.warn(
    `WARNING - "${module}.py" of handler "${handler}" is not among the files of "${model.folder}"${
      rightHandler(model, module)
    }.`,
  );
}

/** A network that needs no code. */
const NETWORK = /^[^/]+(\.onnx|-symbol\.json)$/;

/** Says what would be right where code of that name is missing, if anything. */
function rightHandler({ files }: SourceModel, module: string): string {
  const script = files.find(({ name }) =>
    name === `${module}.ts` || name === `${module}.js`
  );
  if (script !== undefined) {
    return `, handler "${script.name}" would name what is`;
  }
  return files.some(({ name }) => NETWORK.test(name))
    ? ", without --handler a built-in service would run the model"
    : "";
}

async function checkBuiltIn(
  model: SourceModel,
  handler: string,
  modelName: string,
): Promise<void> {
  if (!BUILT_IN.includes(handler)) {
    throw new MmsError(
      "usage",
      `Cannot use handler "${handler}": built in are ${
        BUILT_IN_SERVICES.join(", ")
      }`,
    );
  }
  const manifest = { ...DEFAULT_MANIFEST, modelName, handler };
  const archive = await openFolder(model.folder, { manifest });
  const isSigned = archive.signature !== undefined || handler === "mms:json";
  if (model.graph === undefined || isSigned) return;
  const { inputs } = await graphSignature(model.graph);
  requirePictureSizes(archive, inputs);
}

/** `pkg/module.py:function`, `pkg.module` and `module` name a module. */
function moduleOf(handler: string): string {
  return handler.replace(/:[^:]*$/, "").replace(/\.py$/, "").replaceAll(
    ".",
    "/",
  );
}

/** What Python imports: source, what it was compiled to, and libraries. */
const MODULE = /^(\/__init__)?(\.[^/]*)?\.(py|pyc|pyd|so)$/;

/** A module may be a folder, or a library that is compiled. */
function isModule(name: string, module: string): boolean {
  const rest = name.startsWith(module) ? name.slice(module.length) : "";
  return MODULE.test(rest);
}

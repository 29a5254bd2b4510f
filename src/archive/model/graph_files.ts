import { join } from "node:path";
import { MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import {
  chooseOne,
  chooseParams,
  fileNames,
  SYMBOL,
} from "./checkpoint_files.ts";
import { pathInside } from "./inside.ts";
import type { Manifest } from "./manifest.ts";
import type { GraphFiles } from "./model_archive.ts";

/**
 * Finds the network among the files of a folder: the files that a legacy
 * manifest names, else an `.onnx` file, else `NAME-symbol.json` with its
 * `NAME-0000.params`.
 *
 * @throws {MmsError} `invalid_archive` if a named file is not there, or several
 * files could be meant
 */
export async function findGraph(
  folder: string,
  manifest: Manifest,
): Promise<GraphFiles | undefined> {
  const { symbol, parameters } = manifest.files;
  const names = await fileNames(folder);
  if (symbol?.endsWith(".onnx")) return await named(folder, symbol);
  const onnx = chooseOne(names.filter((it) => it.endsWith(".onnx")), {
    folder,
    named: `${manifest.modelName}.onnx`,
  });
  if (onnx !== undefined) return preferOnnx(folder, onnx, names);
  const chosen = symbol ?? chooseSymbol(folder, manifest, names);
  if (chosen === undefined) return undefined;
  const params = parameters ?? chooseParams(folder, chosen, names);
  return {
    format: "mxnet",
    symbol: await requireFile(folder, chosen),
    params: await requireFile(folder, params),
  };
}

async function named(folder: string, file: string): Promise<GraphFiles> {
  return { format: "onnx", path: await requireFile(folder, file) };
}

function preferOnnx(
  folder: string,
  onnx: string,
  names: readonly string[],
): GraphFiles {
  const ignored = names.find((it) => it.endsWith(SYMBOL));
  if (ignored !== undefined) {
    logger("archive").info(
      `"${folder}" holds "${onnx}" and "${ignored}": the former is used`,
    );
  }
  return { format: "onnx", path: join(folder, onnx) };
}

function chooseSymbol(
  folder: string,
  manifest: Manifest,
  names: readonly string[],
): string | undefined {
  return chooseOne(names.filter((it) => it.endsWith(SYMBOL)), {
    folder,
    named: manifest.modelName + SYMBOL,
  });
}

async function requireFile(folder: string, file: string): Promise<string> {
  const path = pathInside(folder, file);
  const info = await Deno.stat(path).catch(() => undefined);
  if (info?.isFile) return path;
  throw new MmsError(
    "invalid_archive",
    `Cannot use "${file}": the manifest names it, but it is not in the archive`,
  );
}

import type { PackFile } from "../archive/mod.ts";
import { MmsError } from "../errors.ts";

/** The network among the files of a model. */
export type ExportGraph =
  | { readonly format: "ONNX"; readonly onnx: PackFile }
  | {
    readonly format: "MXNet-Symbolic";
    readonly symbol: PackFile;
    readonly params: PackFile;
  };

const SYMBOL = "-symbol.json";
const PARAMS = /^([\w\-.]+)-\d+\.params$/;

/**
 * Finds the one network among a model's files: an `.onnx` file, or
 * `NAME-symbol.json` and `NAME-NNNN.params`.
 *
 * @throws {MmsError} `invalid_archive` if there is none, more than one, or a
 * checkpoint whose files do not belong together
 */
export function exportGraph(
  folder: string,
  files: readonly PackFile[],
): ExportGraph {
  const top = files.filter(({ name }) => !name.includes("/"));
  const ending = (end: string) => top.filter(({ name }) => name.endsWith(end));
  const onnx = ending(".onnx");
  const symbols = ending(SYMBOL);
  const params = ending(".params");
  if (onnx.length > 0 && symbols.length + params.length > 0) {
    refuse(folder, "an .onnx file and a checkpoint", "one of the two");
  }
  if (onnx.length + symbols.length === 0) {
    refuse(
      folder,
      "no network",
      `an .onnx file, or NAME${SYMBOL} with its NAME-0000.params,`,
    );
  }
  if (onnx.length > 0) {
    return { format: "ONNX", onnx: only(folder, ".onnx", onnx) };
  }
  const symbol = only(folder, SYMBOL, symbols);
  const chosen = only(folder, ".params", params);
  requireSamePrefix(symbol, chosen);
  return { format: "MXNet-Symbolic", symbol, params: chosen };
}

function only(
  folder: string,
  ending: string,
  files: readonly PackFile[],
): PackFile {
  const [file] = files;
  if (file !== undefined && files.length === 1) return file;
  const found = files.map(({ name }) => `"${name}"`).join(" and ");
  return refuse(folder, found || `no ${ending} file`, "exactly one");
}

function requireSamePrefix(symbol: PackFile, params: PackFile): void {
  const prefix = symbol.name.slice(0, -SYMBOL.length);
  if (PARAMS.exec(params.name)?.[1] === prefix) return;
  throw new MmsError(
    "invalid_archive",
    `Cannot export "${params.name}": it does not belong to "${symbol.name}", "${prefix}-0000.params" would be right`,
  );
}

function refuse(folder: string, found: string, right: string): never {
  throw new MmsError(
    "invalid_archive",
    `Cannot export "${folder}": it holds ${found}, ${right} would be right`,
  );
}

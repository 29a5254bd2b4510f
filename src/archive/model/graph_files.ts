import { basename, join } from "node:path";
import { MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { pathInside } from "./inside.ts";
import type { Manifest } from "./manifest.ts";
import type { GraphFiles } from "./model_archive.ts";

const SYMBOL = "-symbol.json";
const PARAMS = /^(.+)-(\d+)\.params$/;

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

/**
 * Finds the checkpoint whose files begin with `prefix`, a path.
 *
 * @throws {MmsError} `model_not_found` if there is no `PREFIX-symbol.json`;
 * `invalid_archive` if its parameters are missing
 */
export async function findCheckpoint(
  folder: string,
  prefix: string,
): Promise<GraphFiles> {
  const names = await fileNames(folder);
  const symbol = prefix + SYMBOL;
  if (!names.includes(symbol)) {
    throw new MmsError(
      "model_not_found",
      `Cannot open "${join(folder, prefix)}": there is no "${symbol}"`,
    );
  }
  const params = chooseParams(folder, symbol, names);
  return {
    format: "mxnet",
    symbol: join(folder, symbol),
    params: join(folder, params),
  };
}

async function fileNames(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isDirectory && !entry.name.startsWith(".")) {
      names.push(entry.name);
    }
  }
  return names.toSorted();
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

/** Epoch 0 is what the original loads; without one, the last epoch. */
function chooseParams(
  folder: string,
  symbol: string,
  names: readonly string[],
): string {
  const prefix = basename(symbol).slice(0, -SYMBOL.length);
  const epochs = names
    .map((name) => ({ name, match: PARAMS.exec(name) }))
    .filter(({ match }) => match?.[1] === prefix)
    .map(({ name, match }) => ({ name, epoch: Number(match?.[2]) }))
    .toSorted((a, b) => a.epoch - b.epoch);
  const first = epochs[0];
  const chosen = first?.epoch === 0 ? first : epochs.at(-1);
  if (chosen === undefined) {
    throw new MmsError(
      "invalid_archive",
      `Cannot use "${symbol}": its parameters are not in "${folder}", "${prefix}-0000.params" would be right`,
    );
  }
  if (epochs.length > 1) {
    logger("archive").info(
      `"${folder}" holds ${epochs.length} epochs: "${chosen.name}" is used`,
    );
  }
  return chosen.name;
}

function chooseOne(
  candidates: readonly string[],
  options: { readonly folder: string; readonly named: string },
): string | undefined {
  if (candidates.length <= 1) return candidates[0];
  if (candidates.includes(options.named)) return options.named;
  const list = candidates.map((it) => `"${it}"`).join(", ");
  throw new MmsError(
    "invalid_archive",
    `Cannot choose a graph in "${options.folder}": ${list} are there, only one of them would be right`,
  );
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

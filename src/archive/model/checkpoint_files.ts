import { basename, join } from "node:path";
import { MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { GraphFiles } from "./model_archive.ts";

/** How the name of a symbol's file ends. */
export const SYMBOL = "-symbol.json";

const PARAMS = /^(.+)-(\d+)\.params$/;

/**
 * Finds the checkpoint whose files begin with `prefix`: `PREFIX-symbol.json`,
 * or `PREFIX-KEY-symbol.json` as a BucketingModule calls it.
 *
 * @throws {MmsError} `model_not_found` if there is no such symbol;
 * `invalid_archive` if there are several, or its parameters are missing
 */
export async function findCheckpoint(
  folder: string,
  prefix: string,
): Promise<GraphFiles> {
  const names = await fileNames(folder);
  const symbol = symbolOf(prefix, { folder, names });
  if (symbol === undefined) {
    throw new MmsError(
      "model_not_found",
      `Cannot open "${join(folder, prefix)}": there is no "${prefix}${SYMBOL}"`,
    );
  }
  return {
    format: "mxnet",
    symbol: join(folder, symbol),
    params: join(folder, chooseParams(folder, symbol, names)),
  };
}

/** Returns whether a path is the prefix of a checkpoint. */
export function hasSymbol(
  prefix: string,
  names: readonly string[],
): boolean {
  return names.includes(prefix + SYMBOL) || bucketsOf(prefix, names).length > 0;
}

function symbolOf(
  prefix: string,
  { folder, names }: {
    readonly folder: string;
    readonly names: readonly string[];
  },
): string | undefined {
  const own = prefix + SYMBOL;
  if (names.includes(own)) return own;
  return chooseOne(bucketsOf(prefix, names), { folder, named: own });
}

/** A key is a length, or several in brackets. */
function bucketsOf(
  prefix: string,
  names: readonly string[],
): readonly string[] {
  return names.filter((name) =>
    name.startsWith(`${prefix}-`) && name.endsWith(SYMBOL) &&
    /^(\d+|\(.*\)|\[.*\])$/.test(
      name.slice(prefix.length + 1, -SYMBOL.length),
    )
  );
}

/** Returns the names of the files in a folder, in order. */
export async function fileNames(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isDirectory && !entry.name.startsWith(".")) {
      names.push(entry.name);
    }
  }
  return names.toSorted();
}

/**
 * Returns the name of a symbol's parameters: epoch 0 is what the original
 * loads; without one, the last epoch. Buckets share theirs.
 *
 * @throws {MmsError} `invalid_archive` if there are none
 */
export function chooseParams(
  folder: string,
  symbol: string,
  names: readonly string[],
): string {
  const prefix = basename(symbol).slice(0, -SYMBOL.length);
  const shared = prefix.replace(/-[^-]*$/, "");
  const epochs = [prefix, shared].map((it) => epochsOf(it, names))
    .find((it) => it.length > 0) ?? [];
  const first = epochs[0];
  const chosen = first?.epoch === 0 ? first : epochs.at(-1);
  if (chosen === undefined) throw withoutParams(folder, prefix, names);
  if (epochs.length > 1) {
    logger("archive").info(
      `"${folder}" holds ${epochs.length} epochs: "${chosen.name}" is used`,
    );
  }
  return chosen.name;
}

function epochsOf(
  prefix: string,
  names: readonly string[],
): readonly { readonly name: string; readonly epoch: number }[] {
  return names
    .map((name) => ({ name, match: PARAMS.exec(name) }))
    .filter(({ match }) => match?.[1] === prefix)
    .map(({ name, match }) => ({ name, epoch: Number(match?.[2]) }))
    .toSorted((a, b) => a.epoch - b.epoch);
}

function withoutParams(
  folder: string,
  prefix: string,
  names: readonly string[],
): MmsError {
  const others = names.filter((name) => name.endsWith(".params"));
  const there = others.length === 0
    ? ""
    : ` in place of ${others.map((name) => `"${name}"`).join(", ")}`;
  return new MmsError(
    "invalid_archive",
    `Cannot use "${prefix}${SYMBOL}": its parameters are not in "${folder}", "${prefix}-0000.params" would be right${there}`,
  );
}

/**
 * Returns the one file of its kind, or the one called `named`.
 *
 * @throws {MmsError} `invalid_archive` if several could be meant
 */
export function chooseOne(
  candidates: readonly string[],
  options: { readonly folder: string; readonly named: string },
): string | undefined {
  if (candidates.length <= 1) return candidates[0];
  if (candidates.includes(options.named)) return options.named;
  const list = candidates.map((it) => `"${it}"`).join(", ");
  const [first] = candidates;
  const prefix = first?.endsWith(SYMBOL)
    ? `, or a path to one of them: "${join(options.folder, first)}"`
    : "";
  throw new MmsError(
    "invalid_archive",
    `Cannot choose a graph in "${options.folder}": ${list} are there, only one of them would be right${prefix}`,
  );
}

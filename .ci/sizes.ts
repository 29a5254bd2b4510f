/**
 * Tells what takes how much of a binary.
 *
 * @module
 */

import { filesIn, IN_PACKAGE } from "./packages.ts";
import type { Stage } from "./stage.ts";

const NAME_COLUMNS = 32;
const SMALL_BYTES = 50_000;

/** Prints the parts of a binary in MB (10⁶ bytes), large ones first. */
export async function printSizes(
  { tree, attached }: Stage,
  binary: string,
): Promise<void> {
  const total = (await Deno.stat(binary)).size;
  const payload = await sizesByPart(tree);
  const attachments = await Promise.all(attached.map(namedSize));
  const parts = [...payload, ...attachments];
  const large = parts.filter(([, bytes]) => bytes >= SMALL_BYTES);
  const rest = sum(parts) - sum(large);
  const lines = [["runtime", total - sum(parts)] as const, ...large]
    .sort(([, a], [, b]) => b - a)
    .concat([["everything else", rest], [binary, total]])
    .map(([name, bytes]) => line(name, bytes));
  const text = [...lines, ""].join("\n");
  await Deno.stdout.write(new TextEncoder().encode(text));
}

type NamedSize = readonly [name: string, bytes: number];

/** A package each, and a top-level entry each of what is not in packages. */
async function sizesByPart(tree: string): Promise<NamedSize[]> {
  const sizes = new Map<string, number>();
  for await (const file of filesIn(tree)) {
    const part = IN_PACKAGE.exec(file)?.[1] ?? file.split("/")[0]!;
    const { size } = await Deno.stat(`${tree}/${file}`);
    sizes.set(part, (sizes.get(part) ?? 0) + size);
  }
  return [...sizes];
}

async function namedSize(path: string): Promise<NamedSize> {
  return [path.slice(path.lastIndexOf("/") + 1), (await Deno.stat(path)).size];
}

function sum(sizes: readonly NamedSize[]): number {
  return sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
}

function line(name: string, bytes: number): string {
  return `${name.padEnd(NAME_COLUMNS)} ${
    (bytes / 1e6).toFixed(2).padStart(8)
  } MB`;
}

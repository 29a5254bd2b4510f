/**
 * Turns the TypeScript of a tree into JavaScript. `deno compile` stores a
 * TypeScript module three times, as it was, as it runs and the map between
 * both; JavaScript once. Types are replaced by blanks, so that lines and
 * columns of stack traces stay those of the source.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { filesIn } from "./packages.ts";

/** What names a module in other ways than by an import, such as a worker. */
const BY_URL = /new URL\(\s*"([^"]+\.ts)",\s*import\.meta\.url/g;

/**
 * What keeps `deno run` from reading a module before it is needed. A binary
 * reads none before, and holds only what is imported by its name.
 */
const LATE_IMPORT = /\bimport\(\s*import\.meta\.resolve\(("\.[^"]+")\)/g;

/**
 * Replaces the modules below `src`. They are still imported by their old names,
 * which the import map of the tree's `deno.json` leads to the new files.
 */
export async function stripTypes(tree: string): Promise<void> {
  const names: string[] = [];
  for await (const file of filesIn(`${tree}/src`)) {
    // Declarations are text.
    if (file.endsWith(".ts") && !file.endsWith(".d.ts")) {
      names.push(`src/${file}`);
    }
  }
  const kept = await namedByUrl(tree, names);
  const replaced = names.filter((name) => !kept.has(name));
  for (const name of replaced) {
    const source = await Deno.readTextFile(`${tree}/${name}`);
    await Deno.writeTextFile(
      `${tree}/${javaScriptName(name)}`,
      stripTypeScriptTypes(source).replace(LATE_IMPORT, "import($1"),
    );
    await Deno.remove(`${tree}/${name}`);
  }
  await mapImports(tree, replaced);
}

function javaScriptName(name: string): string {
  return name.replace(/\.ts$/, ".js");
}

/** Modules that must keep their names, since no import map applies to urls. */
async function namedByUrl(
  tree: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of names) {
    const source = await Deno.readTextFile(`${tree}/${name}`);
    for (const [, path] of source.matchAll(BY_URL)) {
      found.add(new URL(path!, `file:///${name}`).pathname.slice(1));
    }
  }
  return found;
}

async function mapImports(
  tree: string,
  names: readonly string[],
): Promise<void> {
  const path = `${tree}/deno.json`;
  const config = JSON.parse(await Deno.readTextFile(path));
  for (const name of names) {
    config.imports[`./${name}`] = `./${javaScriptName(name)}`;
  }
  await Deno.writeTextFile(path, JSON.stringify(config));
}

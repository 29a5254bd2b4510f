/**
 * Brings README.md up to date: what its commands print, and its tables of
 * settings and operators. The tests only compare.
 *
 * Run it with `deno task readme`; needs Linux or macOS with `curl`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { settingsTable } from "../src/config/mod.ts";
import { blocks, steps } from "../tests/support/markdown.ts";
import { operatorsTable } from "../tests/support/operators_table.ts";
import { sandbox } from "../tests/support/sandbox.ts";

const README = fileURLToPath(new URL("../README.md", import.meta.url));

async function main(): Promise<void> {
  let text = await Deno.readTextFile(README);
  text = replaceTable(text, "settings", settingsTable());
  text = replaceTable(text, "operators", operatorsTable());
  text = await refreshOutputs(text);
  await Deno.writeTextFile(README, text);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", README],
  }).output();
  if (code !== 0) throw new Error("README.md cannot be formatted");
}

/** A table stands between two comments with its name. */
function replaceTable(text: string, name: string, table: string): string {
  const marks = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`] as const;
  const from = text.indexOf(marks[0]);
  const to = text.indexOf(marks[1]);
  if (from < 0 || to < from) throw new Error(`README.md has no ${name}`);
  return `${text.slice(0, from)}${marks[0]}\n${table}\n${text.slice(to)}`;
}

async function refreshOutputs(text: string): Promise<string> {
  await using box = await sandbox();
  const lines = text.split("\n");
  const parts: string[] = [];
  let done = 0;
  for (const block of blocks(text)) {
    if (block.language !== "console") continue;
    parts.push(...lines.slice(done, block.line - 1));
    for (const { command } of steps(block)) {
      const output = (await box.run(command)).trimEnd();
      parts.push(`$ ${command}`, ...output === "" ? [] : [output]);
    }
    done = block.line - 1 + block.text.split("\n").length;
  }
  return [...parts, ...lines.slice(done)].join("\n");
}

await main();

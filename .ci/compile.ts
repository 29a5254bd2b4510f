/**
 * Builds the binary and prints what takes how much of it.
 *
 * ```sh
 * deno task compile [--embed FILE.mar] [--target TRIPLE] [--output FILE]
 * ```
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { messageOf } from "../src/errors.ts";
import { LITTLE_MEMORY } from "../src/v8_flags.ts";
import { attach } from "./attach.ts";
import { run } from "./process.ts";
import { printSizes } from "./sizes.ts";
import { ATTACHMENT_LIST, layOut, type Stage } from "./stage.ts";
import {
  attachesFiles,
  binaryName,
  findTarget,
  type Target,
} from "./targets.ts";
import { findToolchain, type Toolchain } from "./toolchain.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(
  /[/\\]$/,
  "",
);

/** What the command line asks for. */
interface Build {
  readonly target: Target;
  /** Absolute path of the binary. */
  readonly output: string;
  /** An archive that `mms predict` uses unless told otherwise. */
  readonly embed: string | undefined;
}

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  try {
    await compile(readArguments(Deno.args));
    return 0;
  } catch (error) {
    const text = `${messageOf(error)}\n`;
    await Deno.stderr.write(new TextEncoder().encode(text));
    return 1;
  }
}

async function compile({ target, output, embed }: Build): Promise<void> {
  const toolchain = await findToolchain(target, ROOT);
  const folder = await Deno.makeTempDir({ prefix: "mms-compile-" });
  try {
    const source = { root: ROOT, embed };
    const stage = await layOut(folder, source, { toolchain, target });
    const env = await runtimeFor(stage, toolchain, folder);
    const args = compileArguments(stage, target, output);
    await run(toolchain.deno, args, stage.tree, env);
    await printSizes(stage, output);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The environment in which Deno compiles with the runtime that is wanted. */
async function runtimeFor(
  stage: Stage,
  { denort }: Toolchain,
  folder: string,
): Promise<Record<string, string>> {
  if (denort === undefined) return {};
  const runtime = `${folder}/denort`;
  const attachments = await attach(stage.attached, denort, runtime);
  await Deno.writeTextFile(
    `${stage.tree}/${ATTACHMENT_LIST}`,
    JSON.stringify(attachments),
  );
  return { DENORT_BIN: runtime };
}

function compileArguments(
  stage: Stage,
  target: Target,
  output: string,
): string[] {
  return [
    "compile",
    // Servers open what they are told to; a narrower set was not faster.
    "--allow-all",
    "--no-check",
    // The cache would lie in the temporary folder that all users share, under
    // a name that anybody can guess.
    "--no-code-cache",
    LITTLE_MEMORY,
    ...stage.included.flatMap((path) => ["--include", path]),
    // Puts the whole tree on the disk, where the binding has its library
    // beside it.
    ...attachesFiles(target) ? [] : ["--self-extracting"],
    ...["--target", target.triple],
    ...["--output", output],
    "main.ts",
  ];
}

function readArguments(args: string[]): Build {
  const { values } = parseArgs({
    args,
    options: {
      embed: { type: "string" },
      target: { type: "string", default: Deno.build.target },
      output: { type: "string" },
    },
  });
  const target = findTarget(values.target);
  return {
    target,
    output: resolve(values.output ?? `${ROOT}/${binaryName(target)}`),
    embed: values.embed && resolve(values.embed),
  };
}

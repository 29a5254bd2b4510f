/**
 * The compiled binary, as its users run it.
 *
 * @module
 */

import { resolve } from "node:path";
import { root } from "./paths.ts";

const BUILD_FOLDER = `${root}/node_modules/.cache/binary`;

let built: Promise<string> | undefined;

/**
 * Returns the path of the binary that `MMS_BINARY` names, else of one that is
 * built from this tree, once per process.
 */
export function binary(): Promise<string> {
  const given = Deno.env.get("MMS_BINARY");
  if (given !== undefined) return Promise.resolve(resolve(root, given));
  return built ??= build("mms", []);
}

/** Builds one that embeds an archive, and returns its path. */
export function embedding(archive: string): Promise<string> {
  return build("mms-embedding", ["--embed", archive]);
}

/** How a program is run. */
export interface RunOptions {
  /** The folder it runs in. */
  readonly cwd: string;
  /** Its environment, beside what the system itself needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the program's own, such as `strace -f`. */
  readonly under?: readonly string[];
  /** Which binary; {@linkcode binary} unless given. */
  readonly program?: string;
}

/** What a program leaves. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the binary to its end. */
export async function runBinary(
  args: readonly string[],
  options: RunOptions,
): Promise<Outcome> {
  const program = options.program ?? await binary();
  const { code, stdout, stderr } = await commandOf(program, args, options)
    .output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Starts the binary, with its standard output piped. */
export async function startBinary(
  args: readonly string[],
  options: RunOptions,
): Promise<Deno.ChildProcess> {
  return commandOf(await binary(), args, options).spawn();
}

function commandOf(
  program: string,
  args: readonly string[],
  { cwd, env = {}, under = [] }: RunOptions,
): Deno.Command {
  const [first, ...words] = [...under, program, ...args];
  return new Deno.Command(first!, {
    args: words,
    cwd,
    env: { PATH: Deno.env.get("PATH") ?? "", ...systemVariables(), ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Without these no program of Windows finds its folders. */
function systemVariables(): Record<string, string> {
  const names = ["SystemRoot", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA"];
  const found = names.map((name) => [name, Deno.env.get(name)] as const);
  return Object.fromEntries(
    found.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]]
    ),
  );
}

/** Complete under its last name, for others may be running the one before. */
async function build(name: string, args: readonly string[]): Promise<string> {
  await Deno.mkdir(BUILD_FOLDER, { recursive: true });
  const file = Deno.build.os === "windows" ? `${name}.exe` : name;
  const fresh = `${BUILD_FOLDER}/${Deno.pid}-${file}`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${root}/.ci/compile.ts`, "--output", fresh, ...args],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  await Deno.rename(fresh, `${BUILD_FOLDER}/${file}`);
  return `${BUILD_FOLDER}/${file}`;
}

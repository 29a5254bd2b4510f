/**
 * Runs other programs.
 *
 * @module
 */

/** Runs a program to its end, which must be a good one, and returns its output. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { ...env },
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(
    `Cannot run ${program} ${args.join(" ")}:\n${
      new TextDecoder().decode(stderr)
    }`,
  );
}

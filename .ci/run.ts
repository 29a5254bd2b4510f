/**
 * Runs every check one after the other, counts what passes and what fails, and
 * says so on the last line. `.ci/run` starts it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { makePythons, type Pythons } from "./python.ts";
import { findTarget } from "./targets.ts";
import { findToolchain } from "./toolchain.ts";

/** One check. */
interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Tests are counted one by one, anything else as one. */
  readonly counts: "tests" | "itself";
  /** Says why the check cannot be made here, if it cannot. */
  readonly obstacle?: () => Promise<string | undefined>;
}

/** How many checks came out which way. */
interface Count {
  readonly passed: number;
  readonly failed: number;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(
  /[/\\]$/,
  "",
);
const LIMIT_MS = 14 * 60_000;

/** What the README tells newcomers to type, as it stands there. */
const README_TEST = ["npx", "-y", "deno@2.9.6", "task", "test"];

/** What needs no Python comes first, while that is fetched. */
const STEPS: readonly Step[] = [
  { name: "fmt", command: task("fmt"), counts: "itself" },
  { name: "lint", command: task("lint"), counts: "itself" },
  { name: "check", command: task("check"), counts: "itself" },
  { name: "doc", command: task("doc"), counts: "itself" },
  { name: "test", command: README_TEST, counts: "tests" },
  {
    name: "test:binary",
    command: task("test:binary"),
    counts: "tests",
    obstacle: noToolchain,
  },
];

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "mms-ci-" });
  try {
    return await runAll(makePythons(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runAll(pythons: Promise<Pythons>): Promise<number> {
  const deadline = AbortSignal.timeout(LIMIT_MS);
  const counts: Count[] = [];
  const failures: string[] = [];
  for (const step of STEPS) {
    print(`\n## ${step.name}: ${step.command.join(" ")}\n`);
    const obstacle = await step.obstacle?.();
    if (obstacle !== undefined) {
      print(`not done: ${obstacle}\n`);
      continue;
    }
    const env = step.counts === "tests" ? await testEnvironment(pythons) : {};
    const count = await runUntil(deadline, step, env);
    counts.push(count);
    if (count.failed > 0) failures.push(step.name);
  }
  if (failures.length > 0) print(`\nfailed: ${failures.join(", ")}\n`);
  print(`\n${sum(counts, "passed")} passed, ${sum(counts, "failed")} failed\n`);
  return failures.length > 0 ? 1 : 0;
}

/** Says which packages of Python tests have to do without. */
async function testEnvironment(
  pythons: Promise<Pythons>,
): Promise<Readonly<Record<string, string>>> {
  const { env, obstacles } = await pythons;
  for (const obstacle of obstacles) print(`not there: ${obstacle}\n`);
  return env;
}

/** A machine of CI must have one, or the check fails. */
async function noToolchain(): Promise<string | undefined> {
  if (Deno.env.get("CI") === "true") return undefined;
  try {
    await findToolchain(findTarget(Deno.build.target), ROOT);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function task(name: string): string[] {
  return [Deno.execPath(), "task", name];
}

/** A step that the deadline cuts off has failed, and so have those after it. */
async function runUntil(
  deadline: AbortSignal,
  step: Step,
  env: Readonly<Record<string, string>>,
): Promise<Count> {
  const late = Promise.withResolvers<Count>();
  const cutOff = () => {
    print(`${step.name} took too long\n`);
    late.resolve({ passed: 0, failed: 1 });
  };
  if (deadline.aborted) cutOff();
  else deadline.addEventListener("abort", cutOff, { once: true });
  const count = await Promise.race([
    late.promise,
    runStep(step, deadline, env),
  ]);
  deadline.removeEventListener("abort", cutOff);
  return count;
}

async function runStep(
  step: Step,
  signal: AbortSignal,
  env: Readonly<Record<string, string>>,
): Promise<Count> {
  const [program, ...args] = step.command;
  const child = new Deno.Command(program!, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const [output, , { success }] = await Promise.all([
    pass(child.stdout, Deno.stdout),
    pass(child.stderr, Deno.stderr),
    child.status,
  ]);
  return step.counts === "tests"
    ? countTests(output, success)
    : { passed: success ? 1 : 0, failed: success ? 0 : 1 };
}

/** Hands on what a process writes, as it comes, and returns it. */
async function pass(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: typeof Deno.stdout,
): Promise<string> {
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    chunks.push(decoder.decode(bytes, { stream: true }));
    for (let written = 0; written < bytes.length;) {
      written += await to.write(bytes.subarray(written));
    }
  }
  return chunks.join("");
}

/**
 * Reads Deno's last summary. A run that fails in any other way than by its
 * tests, or tests nothing, counts as one failure.
 */
function countTests(output: string, success: boolean): Count {
  const summaries = output.matchAll(
    /^(?:ok|FAILED) \| (\d+) passed.*?\| (\d+) failed/gm,
  );
  const [, passed, failed] = [...summaries].at(-1) ?? [];
  const count = { passed: Number(passed ?? 0), failed: Number(failed ?? 0) };
  const unexplained = success ? count.passed === 0 : count.failed === 0;
  return unexplained ? { ...count, failed: count.failed + 1 } : count;
}

function sum(counts: readonly Count[], which: keyof Count): number {
  return counts.reduce((total, count) => total + count[which], 0);
}

function print(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

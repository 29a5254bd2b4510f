/**
 * Processes that benchmarks measure.
 *
 * @module
 */

import { root } from "../../support/paths.ts";
import { readLines } from "./lines.ts";

/** A process with lines to and from it, killed when disposed of. */
export interface LineProcess extends AsyncDisposable {
  readonly pid: number;
  /** Sends one line and returns the next line that comes back. */
  readonly ask: (line: string) => Promise<string>;
  /** Returns the next line, or throws where there is none. */
  readonly line: () => Promise<string>;
}

/** Starts Deno on a script of the repository. */
export function startScript(
  script: string,
  ...args: readonly string[]
): LineProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", `${root}/${script}`, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "null", // a server logs every request there
  }).spawn();
  const input = child.stdin.getWriter();
  const lines = readLines(child.stdout);
  const encoder = new TextEncoder();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended`);
    return value;
  };
  return {
    pid: child.pid,
    line,
    async ask(question) {
      await input.write(encoder.encode(`${question}\n`));
      return await line();
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await input.close().catch(() => {});
      while (!(await lines.next()).done);
      await child.status;
    },
  };
}

/** A server under test, and where it answers predictions. */
export interface Served extends LineProcess {
  /** `http://127.0.0.1:port`. */
  readonly address: string;
  /** The same of the management API. */
  readonly management: string;
}

/** Starts `mms serve` on free ports and waits until it says where it listens. */
export async function startServer(
  ...args: readonly string[]
): Promise<Served> {
  const server = startScript(
    "main.ts",
    ...["serve", "--inference-address", "http://127.0.0.1:0"],
    ...["--management-address", "http://127.0.0.1:0", ...args],
  );
  let management = "";
  for (;;) {
    const line = await server.line();
    management = /^ {2}management +(\S+)$/.exec(line)?.[1] ?? management;
    const found = /curl .*?(http:\/\/[^\s/]+)\/predictions/.exec(line);
    if (found) return { ...server, management, address: found[1]! };
  }
}

/** Returns the processes that a process has started, and those that they have. */
export async function descendants(pid: number): Promise<readonly number[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)
    .catch(() => ""); // It has ended meanwhile.
  const children = text.split(" ").filter(Boolean).map(Number);
  return [
    ...children,
    ...(await Promise.all(children.map(descendants))).flat(),
  ];
}

/** Memory of one process in MB. */
export interface Memory {
  /** Proportional set size: shared pages divided among their users. */
  readonly pss: number;
  readonly privateDirty: number;
  readonly resident: number;
}

/** Reads what the kernel says of a process's memory (proc(5), smaps_rollup). */
export async function memoryOf(pid: number): Promise<Memory> {
  const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
  const read = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)![1]) / 1024;
  return {
    pss: read("Pss"),
    privateDirty: read("Private_Dirty"),
    resident: read("Rss"),
  };
}

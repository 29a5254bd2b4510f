/**
 * The program as its users run it: a process of its own, run from source.
 *
 * @module
 */

import { root } from "../../support/paths.ts";
import type { TempFolder } from "../../support/temp.ts";

/** Flags of a server that takes whatever ports are free. */
export const FREE_PORTS: readonly string[] = [
  ...["--inference-address", "http://127.0.0.1:0"],
  ...["--management-address", "http://127.0.0.1:0"],
];

/** Where a command runs, besides the repository's own source. */
export interface Place {
  readonly folder: TempFolder;
  readonly env?: Readonly<Record<string, string>>;
  /** What starts a script: `deno run` unless said otherwise. */
  readonly runner?: readonly [string, ...string[]];
}

/** The ordinary way to run a script. */
export const DENO_RUN = [Deno.execPath(), "run"] as const;

/** Returns a command line of mms, run from source. */
export function mms(
  args: readonly string[],
  { folder, env = {}, runner = DENO_RUN }: Place,
): Deno.Command {
  const [program, ...before] = runner;
  return new Deno.Command(program, {
    args: [...before, "--quiet", "-A", `${root}/main.ts`, ...args],
    cwd: folder.path,
    env: { XDG_RUNTIME_DIR: folder.path, NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** What a command printed, and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export async function outcome(
  args: readonly string[],
  place: Place,
): Promise<Outcome> {
  const { code, stdout, stderr } = await mms(args, place).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** A server in the foreground. */
export interface Server extends AsyncDisposable {
  /** The id of the front. */
  readonly pid: number;
  readonly inference: string;
  readonly management: string;
  /** What it has printed when it had started. */
  readonly said: string;
  /** Sends a signal. */
  readonly kill: (signal: Deno.Signal) => void;
  /** Sends a signal, and returns how it ended. */
  readonly end: (signal: Deno.Signal) => Promise<Outcome>;
}

/** Starts `mms serve`, and waits until it says that it answers. */
export async function startServer(
  args: readonly string[],
  place: Place,
): Promise<Server> {
  const child = mms(["serve", ...args], place).spawn();
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("Model server started.\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it ended:\n${said}${await errors}`);
    said += value;
  }
  let ended: Promise<Outcome> | undefined;
  const wait = async () => {
    let out = said;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      out += value;
    }
    return { code: (await child.status).code, out, err: await errors };
  };
  const end = (signal: Deno.Signal) => {
    child.kill(signal);
    return ended ??= wait();
  };
  const { inference, management } = addresses(said);
  return {
    pid: child.pid,
    inference,
    management,
    said,
    kill: (signal) => child.kill(signal),
    end,
    async [Symbol.asyncDispose]() {
      if (ended === undefined) end("SIGKILL");
      await ended;
    },
  };
}

/** Reads where a server answers from what it said. */
export function addresses(
  said: string,
): { inference: string; management: string } {
  const find = (name: string) =>
    new RegExp(`^ {2}${name} +(\\S+)$`, "m").exec(said)?.[1] ?? "none";
  return { inference: find("inference"), management: find("management") };
}

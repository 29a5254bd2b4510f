import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { systemError } from "../../errors.ts";
import { LITTLE_MEMORY } from "../../v8_flags.ts";
import { Exit, EXIT_FAILURE } from "../exit.ts";
import { alreadyRunning, readPidFile, removePidFile } from "./pid_file.ts";
import { STARTED } from "./serve_hello.ts";
import type { Terminal } from "../terminal/terminal.ts";

/**
 * Begins a server that outlives this process, and returns when it answers.
 *
 * @throws {Exit} if there is one already, or the new one ends and has said why
 */
export async function startServer(
  pidFile: string,
  { terminal, command }: {
    readonly terminal: Terminal;
    /** What the user has called. */
    readonly command: string;
  },
): Promise<void> {
  const { state } = await readPidFile(pidFile);
  if (state === "running") {
    terminal.out.write(alreadyRunning(command));
    throw new Exit(EXIT_FAILURE);
  }
  if (state === "stale") {
    terminal.out.write("Removing orphan pid file.\n");
    await removePidFile(pidFile);
  }
  const errors = `${pidFile}.err`;
  const server = spawnServer(errors);
  const stop = () => server.kill("SIGTERM");
  terminal.signal.addEventListener("abort", stop);
  const code = await relay(server, terminal);
  terminal.signal.removeEventListener("abort", stop);
  const log = await Deno.readTextFile(errors);
  terminal.err.write(code === undefined ? troubles(log) : log);
  if (code !== undefined) throw new Exit(code);
}

/** Of the log of a server that has started, what its user has to know. */
function troubles(log: string): string {
  return log.split("\n")
    .filter((line) => /\[(WARN |ERROR)\]|"level":"(WARN|ERROR)"/.test(line))
    .map((line) => `${line}\n`)
    .join("");
}

/** Runs the same command line once more, in a session of its own. */
function spawnServer(errors: string): ChildProcess {
  const own = Deno.build.standalone
    ? []
    : ["run", "--quiet", LITTLE_MEMORY, "-A", Deno.mainModule];
  const stderr = openErrors(errors);
  try {
    return spawn(Deno.execPath(), [...own, ...Deno.args, "--detached"], {
      detached: true,
      stdio: ["ignore", "pipe", stderr],
    });
  } finally {
    closeSync(stderr);
  }
}

function openErrors(path: string): number {
  try {
    return openSync(path, "w", 0o600);
  } catch (error) {
    throw systemError(`Cannot write "${path}" beside the pid file`, error);
  }
}

/**
 * Passes on what a server says; returns `undefined` once it has started, or the
 * exit code of one that ends instead.
 */
function relay(
  server: ChildProcess,
  terminal: Terminal,
): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<
    number | undefined
  >();
  const decoder = new TextDecoder();
  let said = "";
  server.on("error", reject);
  server.on("exit", (code) => resolve(code ?? EXIT_FAILURE));
  server.stdout!.on("data", (bytes: Uint8Array) => {
    const text = decoder.decode(bytes, { stream: true });
    terminal.out.write(text);
    said += text;
    if (said.includes(STARTED)) resolve(undefined);
  });
  return promise;
}

const POLL_MS = 50;

/**
 * Stops the server in the background, and returns when it has stopped; kills
 * one that has not after `graceMs`.
 */
export async function stopServer(
  pidFile: string,
  { terminal, graceMs }: {
    readonly terminal: Terminal;
    readonly graceMs: number;
  },
): Promise<void> {
  const found = await readPidFile(pidFile);
  if (found.state === "absent") {
    terminal.out.write("Model server is not currently running.\n");
    return;
  }
  if (found.state === "stale") {
    await removePidFile(pidFile);
    terminal.out.write("Model server already stopped.\n");
    return;
  }
  signalServer(found.pid, "SIGTERM");
  const end = performance.now() + graceMs;
  while ((await readPidFile(pidFile)).state === "running") {
    if (performance.now() > end) signalServer(found.pid, "SIGKILL");
    await delay(POLL_MS, undefined, { signal: terminal.signal });
  }
  terminal.out.write("Model server stopped.\n");
}

function signalServer(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    // It has just ended by itself.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * The entry of our worker: connects to the front, loads one model and answers
 * its batches.
 *
 * @module
 */

import { configureLog } from "../../log.ts";
import { connectTo } from "./connect.ts";
import { MAX_BODY_BYTES } from "../protocol/frame.ts";
import { FrameReader } from "../protocol/frame_reader.ts";
import { FrameWriter } from "../protocol/frame_writer.ts";
import { Libc } from "./libc.ts";
import { endWithStdin, readSecret } from "./lifeline.ts";
import { type LoadModel, OrderLoop } from "./order_loop.ts";
import { appendHello } from "../protocol/replies.ts";

/** Holds the sixteen requests of 7 kB that a quick worker is given at once. */
const READ_BYTES = 1 << 18;

/** How long a service that is over has for its last answers, in ms. */
const LAST_ANSWERS_MS = 50;

/**
 * Runs the hidden command `worker ADDRESS`, and ends the process when the
 * front says so or is gone; or `worker graph FOLDER`, for services that run
 * graphs themselves.
 */
export async function workerMain(args: readonly string[]): Promise<never> {
  if (args[0] === "graph") {
    const { printGraphPath } = await import(
      import.meta.resolve("./graph_main.ts")
    ) as typeof import("./graph_main.ts");
    return await printGraphPath(args[1]);
  }
  // Begun first, since it takes longer than connecting.
  const layer = import(
    import.meta.resolve("../../service/mod.ts")
  ) as Promise<typeof import("../../service/mod.ts")>;
  return await runWorker(args, async (archive, load) => {
    const { loadService } = await layer;
    return await loadService(archive, { ...load, net: grantedHosts() });
  });
}

/** Does as `workerMain`, with services that `loadModel` loads. */
export async function runWorker(
  args: readonly string[],
  loadModel: LoadModel,
): Promise<never> {
  ignoreSignals();
  using libc = Libc.open();
  libc?.dieWithParent();
  const [connection, secret] = await Promise.all([
    connectTo(args[0] ?? ""),
    readSecret(),
  ]);
  endWithStdin();
  // A service that is to have some of it gets it while it is loaded.
  if (grantedHosts().length === 0) await revoke("net");
  const writer = new FrameWriter(connection);
  appendHello(writer, secret);
  await writer.flush();
  await logToStderr();
  const loop = new OrderLoop({
    reader: new FrameReader(connection, MAX_BODY_BYTES, READ_BYTES),
    writer,
    loadModel,
    onLoaded: async ({ ended }) => {
      void ended?.then(endSoon);
      libc?.trimHeap();
      for (const name of ["net", "write", "run"] as const) await revoke(name);
    },
  });
  await loop.run();
  await loop[Symbol.asyncDispose]();
  Deno.exit(0);
}

/** Hosts that the settings let services fetch from. */
function grantedHosts(): readonly string[] {
  const hosts = Deno.env.get("MMS_WORKER_NET") ?? "";
  return hosts.split(",").map((it) => it.trim()).filter((it) => it !== "");
}

async function revoke(name: "net" | "write" | "run"): Promise<void> {
  await Deno.permissions.revoke({ name });
}

/** What it has in hand is answered before, and it may have ended by then. */
function endSoon(): void {
  setTimeout(() => Deno.exit(0), LAST_ANSWERS_MS);
}

/** The front decides when to end: signals reach it as well, and it drains. */
function ignoreSignals(): void {
  if (Deno.build.os === "windows") return;
  Deno.addSignalListener("SIGINT", () => {});
  Deno.addSignalListener("SIGTERM", () => {});
}

/** The front logs what it reads there. */
async function logToStderr(): Promise<void> {
  const encoder = new TextEncoder();
  await configureLog({
    level: "warning",
    format: "brief",
    console: {
      color: false,
      write: (text) => {
        Deno.stderr.writeSync(encoder.encode(text));
      },
    },
  });
}

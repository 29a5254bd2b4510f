/**
 * A worker as the program has it, with services that do what a test wants. A
 * load handler says how loading goes; a request says in its field `do` what is
 * to be done with it.
 */

import { MmsError } from "../../../src/errors.ts";
import type { Inputs, Prediction, Service } from "../../../src/service/mod.ts";
import type { Load } from "../../../src/workload/protocol/messages.ts";
import { runWorker } from "../../../src/workload/worker/worker_main.ts";
import type { Deed } from "./deeds.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const hoarded: Uint8Array[] = [];
let performed = 0;

await runWorker(Deno.args.slice(-1), (_archive, load) => loadScripted(load));

async function loadScripted(load: Load): Promise<Service> {
  switch (load.handler) {
    case "refuse":
      throw new MmsError("invalid_model", "Cannot load it: it is a test");
    case "fail":
      throw new MmsError("load_failed", "Cannot load it: it is a test");
    case "lack-memory":
      throw new RangeError("Array buffer allocation failed");
    case "exit":
      Deno.stderr.writeSync(encoder.encode("no such module\n"));
      Deno.exit(3);
    /* falls through */
    case "hang":
      return await new Promise(() => {});
    case "unless-marked":
      await refuseIfMarked(load.name);
  }
  return scripted(load.batchSize);
}

/** Fails while there is a file of the model's name. */
async function refuseIfMarked(path: string): Promise<void> {
  const marked = await Deno.stat(path).then(() => true, () => false);
  if (marked) throw new MmsError("load_failed", "Cannot load it: not yet");
}

function scripted(batchSize: number): Service {
  return {
    warmUp: () => Promise.resolve(),
    predict: (batch) => {
      if (batch.length > batchSize) throw new Error("the batch is too large");
      const size = batch.length;
      return Promise.allSettled(batch.map((inputs) => perform(inputs, size)));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function perform(inputs: Inputs, batchSize: number): Promise<Prediction> {
  const deed: Deed = JSON.parse(decoder.decode(inputs.fields.get("do")!.data));
  performed++;
  switch (deed.type) {
    case "echo":
      break;
    case "sleep":
      await new Promise((resolve) => setTimeout(resolve, deed.ms));
      break;
    case "compute":
      for (const end = performance.now() + deed.ms; performance.now() < end;);
      break;
    case "hang":
      for (;;);
    /* falls through */
    case "wait":
      await new Promise(() => {});
      break;
    case "exit":
      Deno.exit(4);
    /* falls through */
    case "fail":
      throw deed.code === undefined
        ? new Error(deed.message)
        : new MmsError(deed.code, deed.message);
    case "print":
      Deno.stdout.writeSync(encoder.encode(deed.text));
      break;
    case "hoard":
      hoard(deed.megabytes);
      await new Promise(() => {});
  }
  const length = deed.type === "echo" ? deed.bytes ?? 0 : 0;
  return {
    status: 200,
    reason: "",
    headers: {
      "x-pid": String(Deno.pid),
      "x-batch": String(batchSize),
      "x-count": String(performed),
    },
    contentType: "text/plain",
    body: encoder.encode(`${inputs.requestId} done${" ".repeat(length)}`),
  };
}

function hoard(megabytes: number): void {
  for (let i = 0; i < megabytes; i++) {
    hoarded.push(new Uint8Array(1 << 20).fill(1));
  }
}

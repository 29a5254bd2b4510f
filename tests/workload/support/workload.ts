import process from "node:process";
import {
  DEFAULT_MANIFEST,
  type ModelArchive,
} from "../../../src/archive/mod.ts";
import type { Inputs, Prediction } from "../../../src/service/mod.ts";
import {
  type Model,
  type RegisterOptions,
  Registry,
  type RegistryOptions,
  workerLaunch,
} from "../../../src/workload/mod.ts";
import type { Deed } from "./deeds.ts";

const encoder = new TextEncoder();

/** Starts workers that do what tests ask of them. */
export const scriptedLaunch = workerLaunch(
  new URL("./worker_entry.ts", import.meta.url),
);

/** An archive without any files, whose model is called `name`. */
export function emptyArchive(name?: string): ModelArchive {
  return {
    name: name ?? "empty",
    folder: "/nowhere",
    manifest: { ...DEFAULT_MANIFEST, modelName: name },
    signature: undefined,
    labels: [],
    graph: undefined,
  };
}

/** A registry whose models do what tests ask of them. */
export function scriptedRegistry(
  options: Partial<RegistryOptions> = {},
): Registry {
  return new Registry({
    launch: scriptedLaunch,
    open: () =>
      Promise.resolve({
        archive: emptyArchive(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    ...options,
  });
}

/** Registers a model and waits until its workers are ready. */
export async function registerReady(
  registry: Registry,
  options: Partial<RegisterOptions> = {},
): Promise<Model> {
  const minWorkers = options.minWorkers ?? 1;
  const maxWorkers = options.maxWorkers ?? minWorkers;
  const model = await registry.register({
    url: "test.mar",
    name: "test",
    ...options,
    minWorkers,
    maxWorkers,
  });
  const outcome = await model.scale({ minWorkers, maxWorkers }).done;
  if (outcome.status !== "scaled") throw new Error(JSON.stringify(outcome));
  return model;
}

/** What one caller sends to have something done. */
export function inputsFor(requestId: string, deed: Deed): Inputs {
  const data = encoder.encode(JSON.stringify(deed));
  const field = { contentType: "application/json", data };
  return { requestId, headers: {}, fields: new Map([["do", field]]) };
}

/** Has a model do something for a caller who stays. */
export function ask(
  model: Model,
  requestId: string,
  deed: Deed = { type: "echo" },
): Promise<Prediction> {
  return model.predict(
    inputsFor(requestId, deed),
    new AbortController().signal,
  );
}

/** The process that made a prediction. */
export function pidOf(prediction: Prediction): number {
  return Number(prediction.headers["x-pid"]);
}

/** How many requests ran together with the one that was answered so. */
export function batchSizeOf(prediction: Prediction): number {
  return Number(prediction.headers["x-batch"]);
}

/** How many requests the process had had when it made the prediction. */
export function countOf(prediction: Prediction): number {
  return Number(prediction.headers["x-count"]);
}

/** The text of a prediction. */
export function textOf(prediction: Prediction): string {
  return new TextDecoder().decode(prediction.body).trimEnd();
}

/** Waits until something is so, at most 10 s. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + 10_000;
  while (!await isSo()) {
    if (performance.now() > end) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Returns whether a process is there and no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    if (Deno.build.os !== "linux") return process.kill(pid, 0);
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    return !/^State:\s+Z/m.test(status);
  } catch {
    return false;
  }
}

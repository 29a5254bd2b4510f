import type { Registry as LibraryRegistry } from "@prometheus-io/client";
import libraryRegistry from "@prometheus-io/client/lib/registry.js";
import type { Family } from "./family.ts";

/**
 * The library's whole opens a channel to other threads when it is imported, and
 * takes five times as long; this file of it has what is needed, and no types.
 */
const Registry: typeof LibraryRegistry = libraryRegistry;

/** What is answered when Prometheus asks. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** Writing goes on no longer than that without letting others work, in ms. */
const MAX_TURN = 2;

/**
 * Writes families in Prometheus's text format 0.0.4. The library is given
 * finished numbers, as it takes them from other processes: its own counters
 * would cost more on every request than all of ours.
 */
export async function expose(families: Iterable<Family>): Promise<Exposition> {
  const texts = [];
  let started = performance.now();
  for (const family of families) {
    if (family.samples.length > 0) texts.push(await textOf(family));
    if (performance.now() - started < MAX_TURN) continue;
    await new Promise((next) => setTimeout(next, 0));
    started = performance.now();
  }
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    text: texts.join("\n"),
  };
}

async function textOf({ name, help, type, samples }: Family): Promise<string> {
  const values = samples.map(({ labels, value, name: metricName = name }) => ({
    labels,
    value,
    metricName,
  }));
  const metric = { name, help, type, aggregator: "first", values };
  return await Registry.aggregate([[metric]]).metrics();
}

import type { GraphValue } from "../engine/mod.ts";
import {
  elementCount,
  type Feeds,
  padding,
  stack,
  type Tensor,
  unstack,
} from "../tensor/mod.ts";

/** Returns the extent of axis 0 that all tensors share; 0 where they do not. */
export function rowsOf(feeds: Feeds): number {
  const rows = new Set(Object.values(feeds).map(({ shape }) => shape[0] ?? 0));
  return rows.size === 1 ? [...rows][0]! : 0;
}

/** Joins the feeds of several requests along axis 0. */
export function stackFeeds(all: readonly Feeds[]): Feeds {
  return mapFeeds(
    all[0]!,
    (_, name) => stack(all.map((feeds) => feeds[name]!)),
  );
}

/** Returns each request's share of the outputs: `counts[i]` rows. */
export function splitFeeds(
  outputs: Feeds,
  counts: readonly number[],
): readonly Feeds[] {
  const parts = mapFeeds(outputs, (tensor) => unstack(tensor, counts));
  return counts.map((_, i) => mapFeeds(parts, (tensors) => tensors[i]!));
}

/** Appends rows of zeros to every tensor. */
export function pad(feeds: Feeds, rows: number): Feeds {
  if (rows <= 0) return feeds;
  return mapFeeds(feeds, (tensor) => stack([tensor, padding(tensor, rows)]));
}

/** Returns an object with the same names and other values. */
export function mapFeeds<T, U>(
  feeds: Readonly<Record<string, T>>,
  map: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, value]) => [name, map(value, name)]),
  );
}

/** Zeros for inputs whose extents are fixed but for the batch axis, then 1. */
export function zeroFeeds(inputs: readonly GraphValue[]): Feeds | undefined {
  const feeds: Record<string, Tensor> = {};
  for (const { name, type, shape } of inputs) {
    const extents = shape.map((extent, axis) =>
      axis === 0 && typeof extent === "string" ? 1 : extent
    );
    if (type !== "float32" || !extents.every((e) => typeof e === "number")) {
      return undefined;
    }
    const data = new Float32Array(elementCount(extents));
    feeds[name] = { type, shape: extents, data };
  }
  return feeds;
}

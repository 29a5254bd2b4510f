import type { Feeds } from "../tensor/mod.ts";
import {
  EarlyAnswer,
  type Inputs,
  type Prediction,
  type Stage,
  type StageRecorder,
} from "./service.ts";

type Settled = PromiseSettledResult<Prediction>;

/** One request on its way through the graph. */
export interface Item {
  readonly inputs: Inputs;
  readonly feeds: Feeds;
  /** The extent of its batch axis. */
  readonly rows: number;
}

/** Takes a step for a request; what it throws is what becomes of the request. */
export async function settle(
  settled: Map<Inputs, Settled>,
  inputs: Inputs,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (reason) {
    settled.set(
      inputs,
      reason instanceof EarlyAnswer
        ? { status: "fulfilled", value: reason.prediction }
        : { status: "rejected", reason },
    );
  }
}

/** Takes a step, and notes how long it took. */
export async function timed<T>(
  record: StageRecorder,
  stage: Stage,
  step: () => T | Promise<T>,
): Promise<T> {
  const started = performance.now();
  const result = await step();
  record(stage, performance.now() - started);
  return result;
}

/** Requests that can share a run: equal but for their rows, within the limit. */
export function groupByShape(
  items: readonly Item[],
  maxRows: number,
): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  const open = new Map<string, { group: Item[]; rows: number }>();
  for (const item of items) {
    const key = shapeKey(item);
    const current = open.get(key);
    if (item.rows > 0 && current && current.rows + item.rows <= maxRows) {
      current.group.push(item);
      current.rows += item.rows;
    } else {
      const group = [item];
      groups.push(group);
      if (item.rows > 0) open.set(key, { group, rows: item.rows });
    }
  }
  return groups;
}

function shapeKey({ feeds }: Item): string {
  return Object.values(feeds).map(({ shape }) => shape.slice(1)).join(";");
}

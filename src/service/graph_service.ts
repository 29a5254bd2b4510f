import type { Session } from "../engine/mod.ts";
import { MmsError } from "../errors.ts";
import { logger } from "../log.ts";
import { type Feeds, unstack } from "../tensor/mod.ts";
import { maxRows } from "./binding.ts";
import { groupByShape, type Item, settle, timed } from "./graph_steps.ts";
import {
  mapFeeds,
  pad,
  rowsOf,
  splitFeeds,
  stackFeeds,
  zeroFeeds,
} from "./feeds.ts";
import type {
  Handler,
  Inputs,
  Measure,
  Prediction,
  Service,
  ServiceKind,
  StageRecorder,
} from "./service.ts";

type Settled = PromiseSettledResult<Prediction>;

/** Who looks on. */
interface Observers {
  readonly record: StageRecorder;
  readonly measure: Measure;
}

/** What a service around a graph is made of. */
export interface GraphServiceParts {
  readonly session: Session;
  readonly kind: ServiceKind;
  readonly handler: Handler;
  /** What the session needs, and the session itself. */
  readonly resources: AsyncDisposable;
}

/**
 * A service around a graph: the handler looks at each request alone, the graph
 * runs once for as many requests as it can take together.
 */
export class GraphService implements Service {
  /** Which one it is. */
  readonly kind: ServiceKind;
  readonly #session: Session;
  readonly #handler: Handler;
  readonly #resources: AsyncDisposable;
  readonly #warmUpInputs: Feeds | undefined;
  /** How many rows the graph takes at once: `Infinity` where its axis is free. */
  #maxRows: number;

  /** Takes over the resources, and releases them when disposed of. */
  constructor({ session, kind, handler, resources }: GraphServiceParts) {
    this.kind = kind;
    this.#session = session;
    this.#handler = handler;
    this.#resources = resources;
    this.#maxRows = maxRows(session);
    this.#warmUpInputs = zeroFeeds(session.inputs);
  }

  /** Whether its handler has come to its end. */
  get isOver(): boolean {
    return this.#handler.isOver ?? false;
  }

  /** Settles when it has, if it ever does. */
  get ended(): Promise<void> | undefined {
    return this.#handler.ended;
  }

  /** Runs the graph on zeros, unless its inputs have free extents. */
  async warmUp(): Promise<void> {
    if (this.#warmUpInputs !== undefined) {
      await this.#session.run(this.#warmUpInputs);
    }
  }

  /** Answers each request; one that fails, fails alone. */
  async predict(
    batch: readonly Inputs[],
    record: StageRecorder = () => {},
    measure: Measure = () => {},
  ): Promise<readonly Settled[]> {
    const settled = new Map<Inputs, Settled>();
    const read = new Map<Inputs, Item>();
    await this.#each(batch, (inputs) =>
      settle(settled, inputs, async () => {
        read.set(inputs, await this.#preprocess(inputs, { record, measure }));
      }));
    const items = batch.flatMap((inputs) => read.get(inputs) ?? []);
    const maxRows = this.#handler.runsAlone ? 1 : this.#maxRows;
    for (const group of groupByShape(items, maxRows)) {
      await this.#predictGroup(group, settled, { record, measure });
    }
    return batch.map((inputs) => settled.get(inputs)!);
  }

  async #preprocess(
    inputs: Inputs,
    { record, measure }: Observers,
  ): Promise<Item> {
    const feeds = await timed(
      record,
      "preprocess",
      () => this.#handler.preprocess(inputs, measure),
    );
    return { inputs, feeds, rows: rowsOf(feeds) };
  }

  async #predictGroup(
    group: readonly Item[],
    settled: Map<Inputs, Settled>,
    { record, measure }: Observers,
  ): Promise<void> {
    const outputs = group.length > 1
      ? await this.#runTogether(group, record)
      : undefined;
    await this.#each(
      group,
      (item, i) =>
        settle(settled, item.inputs, async () => {
          const own = outputs?.[i] ?? await this.#runAlone(item, record);
          const prediction = await timed(
            record,
            "postprocess",
            () => this.#handler.postprocess(own, item.inputs, measure),
          );
          settled.set(item.inputs, { status: "fulfilled", value: prediction });
        }),
    );
  }

  /** One after the other, unless the handler can do several at once. */
  async #each<T>(
    items: readonly T[],
    step: (item: T, index: number) => Promise<void>,
  ): Promise<void> {
    if (this.#handler.isConcurrent) {
      return void await Promise.all(items.map(step));
    }
    for (const [i, item] of items.entries()) await step(item, i);
  }

  #run(feeds: Feeds, record: StageRecorder): Promise<Feeds> {
    return timed(record, "run", () => this.#session.run(feeds));
  }

  async #runAlone(item: Item, record: StageRecorder): Promise<Feeds> {
    // Inputs without a common number of rows are no batch, which could be filled.
    const missing = Number.isFinite(this.#maxRows) && item.rows > 0
      ? this.#maxRows - item.rows
      : 0;
    if (missing <= 0) return await this.#run(item.feeds, record);
    const outputs = await this.#run(pad(item.feeds, missing), record);
    return mapFeeds(outputs, (tensor) => unstack(tensor, [item.rows])[0]!);
  }

  /**
   * Runs the graph once for all; `undefined` where that does not work, be it
   * that one of them cannot run at all, or that the graph mixes its rows.
   */
  async #runTogether(
    group: readonly Item[],
    record: StageRecorder,
  ): Promise<readonly Feeds[] | undefined> {
    const rows = group.reduce((sum, item) => sum + item.rows, 0);
    const missing = Number.isFinite(this.#maxRows) ? this.#maxRows - rows : 0;
    const feeds = pad(stackFeeds(group.map(({ feeds }) => feeds)), missing);
    let outputs: Feeds;
    try {
      outputs = await this.#run(feeds, record);
    } catch (error) {
      if (error instanceof MmsError) return undefined;
      throw error;
    }
    const mixed = Object.entries(outputs).find(([, { shape }]) =>
      shape[0] !== rows + missing
    );
    if (mixed === undefined) {
      return splitFeeds(outputs, group.map((item) => item.rows));
    }
    this.#maxRows = 1;
    logger("service").info(
      `Requests run one by one: output "${mixed[0]}" is [${
        mixed[1].shape
      }] for ${rows} rows`,
    );
    return undefined;
  }

  /** Releases the resources. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
  }
}

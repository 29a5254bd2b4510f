/**
 * Recurrent layers, step by step.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import { at, build, type NaiveArray, range, sum, uniform } from "./array.ts";
import type { Sample, Samplers } from "./sample.ts";

const GATES = { rnn_relu: 1, rnn_tanh: 1, lstm: 4, gru: 3 } as const;
type Mode = keyof typeof GATES;
const MODES = ["rnn_relu", "rnn_tanh", "lstm", "gru"] as const;

type Vector = readonly number[];
type Matrix = readonly Vector[];

interface Block {
  readonly wx: Matrix;
  readonly wh: Matrix;
  readonly wr: Matrix | undefined;
  readonly bx: Vector;
  readonly bh: Vector;
}

interface State {
  readonly h: Vector;
  readonly c: Vector;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const times = (m: Matrix, v: Vector) =>
  m.map((row) => sum(row.map((n, i) => n * v[i]!)));

function step(mode: Mode, block: Block, x: Vector, { h, c }: State): State {
  const size = block.bx.length / GATES[mode];
  const left = times(block.wx, x).map((n, i) => n + block.bx[i]!);
  const right = times(block.wh, h).map((n, i) => n + block.bh[i]!);
  const gate = (k: number, i: number) =>
    left[k * size + i]! + right[k * size + i]!;
  if (mode === "lstm") {
    const cell = range(size).map((i) =>
      sigmoid(gate(1, i)) * c[i]! + sigmoid(gate(0, i)) * Math.tanh(gate(2, i))
    );
    const hidden = cell.map((n, i) => sigmoid(gate(3, i)) * Math.tanh(n));
    return {
      h: block.wr === undefined ? hidden : times(block.wr, hidden),
      c: cell,
    };
  }
  if (mode === "gru") {
    const hidden = range(size).map((i) => {
      const [r, z] = [sigmoid(gate(0, i)), sigmoid(gate(1, i))];
      const n = Math.tanh(left[2 * size + i]! + r * right[2 * size + i]!);
      return (1 - z) * n + z * h[i]!;
    });
    return { h: hidden, c };
  }
  const activate = mode === "rnn_relu"
    ? (n: number) => Math.max(0, n)
    : Math.tanh;
  return { h: range(size).map((i) => activate(gate(0, i))), c };
}

/** Cuts the parameter vector as MXNet lays it out. */
function blocksOf(
  vector: Vector,
  facts: {
    readonly widths: readonly number[];
    readonly rows: number;
    readonly out: number;
    readonly projected: number;
    readonly hidden: number;
  },
): readonly Block[] {
  const { widths, rows, out, projected, hidden } = facts;
  let place = 0;
  const take = (count: number) => vector.slice(place, place += count);
  const matrix = (height: number, width: number) =>
    range(height).map(() => take(width));
  const weights = widths.map((width) => ({
    wx: matrix(rows, width),
    wh: matrix(rows, out),
    wr: projected > 0 ? matrix(projected, hidden) : undefined,
  }));
  return weights.map((block) => ({ ...block, bx: take(rows), bh: take(rows) }));
}

function rnn(random: Random): Sample {
  const mode = random.pick(MODES);
  const [layers, directions] = [random.int(1, 2), random.int(1, 2)];
  const [steps, batch, features, hidden] = [0, 0, 0, 0].map(() =>
    random.int(1, 4)
  ) as [number, number, number, number];
  const projected = mode === "lstm" && random.next() < 0.3
    ? random.int(1, 3)
    : 0;
  const out = projected || hidden;
  const rows = GATES[mode] * hidden;
  const widths = range(layers * directions).map((i) =>
    i < directions ? features : directions * out
  );
  const count = sum(
    widths.map((w) => rows * (w + out) + projected * hidden + 2 * rows),
  );
  const vector = uniform(random, [count], [-1, 1]);
  const blocks = blocksOf(vector.data, {
    widths,
    rows,
    out,
    projected,
    hidden,
  });
  const data = uniform(random, [steps, batch, features]);
  const state = uniform(random, [layers * directions, batch, out], [-1, 1]);
  const cell = uniform(random, [layers * directions, batch, hidden], [-1, 1]);
  const result = runStack(mode, {
    blocks,
    layers,
    directions,
    data,
    state,
    cell,
  });
  const state_outputs = random.next() < 0.5;
  const states = mode === "lstm" ? [state, cell] : [state];
  const ends = mode === "lstm" ? [result.state, result.cell] : [result.state];
  return {
    attributes: {
      mode,
      state_outputs,
      state_size: hidden,
      num_layers: layers,
      bidirectional: directions === 2,
      ...(projected > 0 && { projection_size: projected }),
    },
    inputs: [data, vector, ...states],
    parameters: [1],
    outputs: state_outputs ? [result.output, ...ends] : [result.output],
    tolerance: { atol: 1e-4, rtol: 1e-3 },
  };
}

function runStack(
  mode: Mode,
  facts: {
    readonly blocks: readonly Block[];
    readonly layers: number;
    readonly directions: number;
    readonly data: NaiveArray;
    readonly state: NaiveArray;
    readonly cell: NaiveArray;
  },
) {
  const { blocks, layers, directions, data, state, cell } = facts;
  const [steps, batch] = data.shape as [number, number];
  const read = (x: NaiveArray, i: number, b: number) =>
    range(x.shape[2]!).map((k) => at(x, [i, b, k]));
  const ends: State[][] = [];
  // sequence[t][b] is the vector that the next layer sees
  let sequence = range(steps).map((t) =>
    range(batch).map((b) => read(data, t, b))
  );
  for (const layer of range(layers)) {
    const runs = range(directions).map((d) => {
      const index = layer * directions + d;
      let states = range(batch).map((b): State => ({
        h: read(state, index, b),
        c: read(cell, index, b),
      }));
      const order = d === 0 ? range(steps) : range(steps).toReversed();
      const made: Vector[][] = [];
      for (const t of order) {
        states = states.map((s, b) =>
          step(mode, blocks[index]!, sequence[t]![b]!, s)
        );
        made[t] = states.map(({ h }) => h);
      }
      ends.push(states);
      return made;
    });
    sequence = range(steps).map((t) =>
      range(batch).map((b) => runs.flatMap((made) => made[t]![b]!))
    );
  }
  const width = sequence[0]![0]!.length;
  const stack = (part: "h" | "c", size: number) =>
    build([ends.length, batch, size], ([i, b, k]) => ends[i!]![b!]![part][k!]!);
  return {
    output: build(
      [steps, batch, width],
      ([t, b, k]) => sequence[t!]![b!]![k!]!,
    ),
    state: stack("h", state.shape[2]!),
    cell: stack("c", cell.shape[2]!),
  };
}

/** Recurrent layers. */
export const recurrentSamplers: Samplers = { RNN: rnn };

/**
 * Numpy mode: elements more, fewer or others than before, and percentiles.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import {
  at,
  build,
  distinct,
  extents,
  integers,
  map,
  type NaiveArray,
  range,
  uniform,
} from "./array.ts";
import type { Sample, Samplers } from "./sample.ts";

/** Returns rows of an array of any rank, by number or new. */
function rows(
  x: NaiveArray,
  list: readonly (number | "new")[],
  fresh: number,
): NaiveArray {
  return build([list.length, ...x.shape.slice(1)], ([row, ...rest]) => {
    const from = list[row!]!;
    return from === "new" ? fresh : at(x, [from, ...rest]);
  });
}

function deletion(random: Random): Sample {
  const x = uniform(random, [random.int(2, 4), ...extents(random, [0, 2])]);
  const count = x.shape[0]!;
  if (random.int(0, 1) === 1) {
    const place = random.int(0, count - 1);
    const kept = range(count).filter((row) => row !== place);
    return {
      attributes: { int_ind: random.pick([place, place - count]), axis: 0 },
      inputs: [x],
      outputs: [rows(x, kept, 0)],
    };
  }
  const kept = range(count).filter((row) => row % 2 === 0);
  return {
    attributes: { start: 1, stop: "None", step: 2, axis: 0 },
    inputs: [x],
    outputs: [rows(x, kept, 0)],
  };
}

function insertion(random: Random): Sample {
  const x = uniform(random, [random.int(1, 4), ...extents(random, [0, 2])]);
  const place = random.int(0, x.shape[0]!);
  const list = range(x.shape[0]!);
  return {
    attributes: { int_ind: place, val: 7, axis: 0 },
    inputs: [x],
    outputs: [
      rows(x, [...list.slice(0, place), "new", ...list.slice(place)], 7),
    ],
  };
}

function insertions(random: Random): Sample {
  const x = uniform(random, [random.int(3, 5), ...extents(random, [0, 2])]);
  const list = range(x.shape[0]!).flatMap((row): (number | "new")[] =>
    row < 3 && row % 2 === 0 ? ["new", row] : [row]
  );
  return {
    attributes: { start: 0, stop: 3, step: 2, val: -7, axis: 0 },
    inputs: [x],
    outputs: [rows(x, list, -7)],
  };
}

function neighbours(random: Random): Sample {
  const x = uniform(random, [random.int(1, 2), random.int(2, 4)]);
  const steps = x.data.slice(1).map((n, i) => n - x.data[i]!);
  const data = [5, ...steps, 1, 2];
  return {
    attributes: { to_begin_scalar: 5, to_end_arr_given: true },
    inputs: [x, { shape: [2], data: [1, 2] }],
    outputs: [{ shape: [data.length], data }],
  };
}

function masked(random: Random, value: "scalar" | "array"): Sample {
  const x = uniform(random, extents(random, [2, 3]));
  const mask = integers(random, x.shape.slice(0, 1), [0, 1]);
  const output = map(x, (n, [row]) => mask.data[row!] === 1 ? 9 : n);
  const attributes = { start_axis: 0 };
  return value === "scalar"
    ? {
      attributes: { ...attributes, value: 9 },
      inputs: [x, mask],
      outputs: [output],
    }
    : {
      attributes,
      inputs: [x, mask, { shape: [1], data: [9] }],
      outputs: [output],
    };
}

function unique(random: Random): Sample {
  const x = integers(random, extents(random, [1, 2]), [-2, 2]);
  const data = [...new Set(x.data)].toSorted((a, b) => a - b);
  const count = data.length;
  return {
    attributes: {
      return_index: true,
      return_inverse: true,
      return_counts: true,
      axis: "None",
    },
    inputs: [x],
    outputs: [
      { shape: [count], data },
      { shape: [count], data: data.map((n) => x.data.indexOf(n)) },
      { shape: [x.data.length], data: x.data.map((n) => data.indexOf(n)) },
      {
        shape: [count],
        data: data.map((n) => x.data.filter((other) => other === n).length),
      },
    ],
  };
}

function percentile(random: Random): Sample {
  const x = distinct(random, [random.int(1, 3), random.int(1, 5)]);
  const columns = x.shape[1]!;
  const share = random.pick([0, 20, 50, 87.5, 100]);
  const interpolation = random.pick(["linear", "lower", "higher", "midpoint"]);
  const output = build([x.shape[0]!], ([row]) => {
    const sorted = range(columns).map((column) => at(x, [row!, column]))
      .toSorted((a, b) => a - b);
    const place = share / 100 * (columns - 1);
    const [low, high] = [Math.floor(place), Math.ceil(place)].map((i) =>
      sorted[i]!
    ) as [number, number];
    switch (interpolation) {
      case "lower":
        return low;
      case "higher":
        return high;
      case "midpoint":
        return (low + high) / 2;
      default:
        return low + (high - low) * (place - Math.floor(place));
    }
  });
  return {
    attributes: { q_scalar: share, axis: [1], interpolation },
    inputs: [x],
    outputs: [output],
  };
}

/** Elements more, fewer or others than before, and percentiles. */
export const editSamplers: Samplers = {
  _npi_delete: deletion,
  _npi_insert_scalar: insertion,
  _npi_insert_slice: insertions,
  _npi_ediff1d: neighbours,
  _npi_boolean_mask_assign_scalar: (random) => masked(random, "scalar"),
  _npi_boolean_mask_assign_tensor: (random) => masked(random, "array"),
  _npi_unique: unique,
  _npi_percentile: percentile,
};

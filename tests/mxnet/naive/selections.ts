/**
 * Selection by what the elements are.
 *
 * @module
 */

import { at, build, extents, indicesOf, integers, uniform } from "./array.ts";
import type { Samplers } from "./sample.ts";

/** Selection by what the elements are. */
export const selectionSamplers: Samplers = {
  _contrib_boolean_mask: (random) => {
    const data = uniform(random, extents(random, [1, 3]));
    const count = data.shape[0]!;
    const index = integers(random, [count], [0, 1]);
    // One row at least: MXNet has no empty arrays.
    const mask = { ...index, data: index.data.with(count - 1, 2) };
    const kept = mask.data.flatMap((truth, row) => truth === 0 ? [] : [row]);
    return {
      inputs: [data, mask],
      outputs: [build(
        [kept.length, ...data.shape.slice(1)],
        ([i, ...rest]) => at(data, [kept[i!]!, ...rest]),
      )],
    };
  },
  _npx_nonzero: (random) => {
    const x = integers(random, extents(random, [1, 3]), [-1, 1]);
    const places = indicesOf(x.shape).filter((index) => at(x, index) !== 0);
    return {
      inputs: [x],
      outputs: [build(
        [places.length, x.shape.length],
        ([i, axis]) => places[i!]![axis!]!,
      )],
    };
  },
};

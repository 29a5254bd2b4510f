/**
 * Numpy mode: creation.
 *
 * @module
 */

import { build, extents, map, uniform } from "./array.ts";
import type { Sampler, Samplers } from "./sample.ts";

function window(height: (turn: number) => number): Sampler {
  return (random) => {
    const M = random.int(1, 8);
    const output = build(
      [M],
      ([i]) => M === 1 ? 1 : height(2 * Math.PI * i! / (M - 1)),
    );
    return { attributes: { M }, inputs: [], outputs: [output] };
  };
}

/** Numpy mode: creation. */
export const numpyCreationSamplers: Samplers = {
  _npi_full_like: (random) => {
    const x = uniform(random, extents(random, [1, 3]));
    return {
      attributes: { fill_value: 2.5 },
      inputs: [x],
      outputs: [map(x, () => 2.5)],
    };
  },
  _npi_identity: (random) => {
    const size = random.int(1, 5);
    return {
      attributes: { shape: [size, size] },
      inputs: [],
      outputs: [build([size, size], ([a, b]) => a === b ? 1 : 0)],
    };
  },
  _npi_indices: (random) => {
    const dimensions = extents(random, [1, 3]);
    const output = build(
      [dimensions.length, ...dimensions],
      ([axis, ...index]) => index[axis!]!,
    );
    return { attributes: { dimensions }, inputs: [], outputs: [output] };
  },
  _npi_logspace: (random) => {
    const num = random.int(2, 5);
    const endpoint = random.next() < 0.5;
    const step = 2 / (endpoint ? num - 1 : num);
    return {
      attributes: { start: -1, stop: 1, num, endpoint, base: 2 },
      inputs: [],
      outputs: [build([num], ([i]) => 2 ** (i! * step - 1))],
    };
  },
  _npi_hanning: window((t) => 0.5 - 0.5 * Math.cos(t)),
  _npi_hamming: window((t) => 0.54 - 0.46 * Math.cos(t)),
  _npi_blackman: window((t) =>
    0.42 - 0.5 * Math.cos(t) + 0.08 * Math.cos(2 * t)
  ),
};

import { ConversionError } from "../../conversion_error.ts";
import { constantOf, filled } from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";

/** Values that numpy mode makes from numbers. */
export const numpyCreation: OperatorFamily = {
  title: "numpy mode: creation",
  operators: {
    _npi_full_like: (call) => {
      const { dims, type, graph } = input(call, 0);
      return filled(graph, {
        type: call.attributes.type("dtype", type),
        dims,
        number: call.attributes.requiredFloat("fill_value"),
      });
    },
    _npi_identity: identity,
    _npi_indices: gridIndices,
    _npi_logspace: logarithmic,
    _npi_hanning: cosineWindow([0.5, 0.5]),
    _npi_hamming: cosineWindow([0.54, 0.46]),
    _npi_blackman: cosineWindow([0.42, 0.5, 0.08]),
  },
};

const MAX_ELEMENTS = 1 << 24;

function requireCount(count: number, what: string): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_ELEMENTS) {
    return count;
  }
  throw new ConversionError(`${what} would have ${count} elements`);
}

function identity({ attributes, graph }: OperatorCall): Value {
  const [rows = 0, columns = rows] = attributes.requiredInts("shape");
  requireCount(rows * columns, "a matrix");
  return constantOf(graph, {
    type: attributes.type("dtype", "float32"),
    shape: [rows, columns],
    numbers: Array.from(
      { length: rows * columns },
      (_, i) => Math.floor(i / columns) === i % columns ? 1 : 0,
    ),
  });
}

/** For each axis of a grid, the index along it. */
function gridIndices({ attributes, graph }: OperatorCall): Value {
  const extents = attributes.requiredInts("dimensions");
  const size = extents.reduce((product, extent) => product * extent, 1);
  const count = requireCount(size * extents.length, "a grid");
  const strides = extents.map((_, axis) =>
    extents.slice(axis + 1).reduce((product, extent) => product * extent, 1)
  );
  return constantOf(graph, {
    type: attributes.type("dtype", "int32"),
    shape: [extents.length, ...extents],
    numbers: Array.from({ length: count }, (_, i) => {
      const axis = Math.floor(i / size);
      return Math.floor((i % size) / strides[axis]!) % extents[axis]!;
    }),
  });
}

function logarithmic({ attributes, graph }: OperatorCall): Value {
  const start = attributes.requiredFloat("start");
  const stop = attributes.requiredFloat("stop");
  const count = requireCount(attributes.requiredInt("num"), "a row");
  const base = attributes.float("base", 10);
  const gaps = attributes.bool("endpoint", true) ? count - 1 : count;
  const step = gaps === 0 ? 0 : (stop - start) / gaps;
  return constantOf(graph, {
    type: attributes.type("dtype", "float32"),
    shape: [count],
    numbers: Array.from(
      { length: count },
      (_, i) => base ** (start + i * step),
    ),
  });
}

/** a₀ − a₁cos(t) + a₂cos(2t) − …, for t from 0 to 2π. */
function cosineWindow(factors: readonly number[]): OperatorFunction {
  return ({ attributes, graph }) => {
    const count = requireCount(attributes.requiredInt("M"), "a window");
    const height = (i: number) => {
      const turn = 2 * Math.PI * i / (count - 1);
      return factors.reduce(
        (sum, factor, k) => sum + (-1) ** k * factor * Math.cos(k * turn),
        0,
      );
    };
    const numbers = Array.from(
      { length: count },
      (_, i) => count === 1 ? 1 : height(i),
    );
    const type = attributes.type("dtype", "float32");
    return constantOf(graph, { type, shape: [count], numbers });
  };
}

import { ConversionError } from "../../conversion_error.ts";
import {
  concat,
  constantOf,
  reshape,
  scalar,
  slice,
  sub,
  transpose,
  where,
} from "../../emit/emit.ts";
import { axisOf, fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { numpyPad } from "./numpy_pad.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";

/** Shapes of numpy mode. */
export const numpyShapes: OperatorFamily = {
  title: "numpy mode: shapes",
  operators: {
    _npi_concatenate: { convert: joined, outputs: ["out"] },
    _npi_hstack: {
      convert: ({ inputs }) =>
        joinedAlong(inputs.map(atLeast(1)), (rank) => rank === 1 ? 0 : 1),
      outputs: ["out"],
    },
    _npi_vstack: ({ inputs }) => joinedAlong(inputs.map(atLeast(2)), () => 0),
    _npi_dstack: {
      convert: ({ inputs }) => joinedAlong(inputs.map(atLeast(3)), () => 2),
      outputs: ["out"],
    },
    _npi_column_stack: ({ inputs }) =>
      joinedAlong(
        inputs.map((x) => x.rank < 2 ? reshape(x, [productOf(x.dims), 1]) : x),
        () => 1,
      ),
    _np_atleast_1d: everyInput(1),
    _np_atleast_2d: everyInput(2),
    _np_atleast_3d: everyInput(3),
    _np_moveaxis: { convert: movedAxes, aliases: ["_npi_moveaxis"] },
    _np_roll: { convert: rolled, aliases: ["_npi_roll"] },
    _npi_rot90: turned,
    _npi_pad: numpyPad,
    _npi_diff: differences,
    _npi_tril: (call) => triangle(call, "lower"),
    _npi_triu: (call) => triangle(call, "upper"),
  },
};

function joinedAlong(
  values: readonly Value[],
  axisFor: (rank: number) => number,
): Value {
  return concat(values, axisFor(values[0]?.rank ?? 0));
}

/** Without an axis (`None`) all elements are put in a row. */
function joined({ attributes, inputs }: OperatorCall): Value {
  const isFlat = attributes.mentions("axis") && !attributes.has("axis");
  if (!isFlat) return concat(inputs, attributes.int("axis", 0));
  return concat(inputs.map((x) => reshape(x, [productOf(x.dims)])), 0);
}

/** Adds axes in front, but the third one at the end, as numpy does. */
function atLeast(rank: 1 | 2 | 3): (x: Value) => Value {
  return (x) => {
    if (x.rank >= rank) return x;
    if (x.rank === 2) return reshape(x, [...x.dims, 1]);
    const length = x.dims[0] ?? 1;
    return reshape(x, [[length], [1, length], [1, length, 1]][rank - 1]!);
  };
}

function everyInput(rank: 1 | 2 | 3): OperatorFunction {
  return ({ inputs }) => inputs.map(atLeast(rank));
}

function movedAxes(call: OperatorCall): Value {
  const x = input(call, 0);
  const axes = (name: string) =>
    call.attributes.requiredInts(name).map((axis) => axisOf(axis, x.rank));
  const [from, to] = [axes("source"), axes("destination")];
  const isUnique = (list: readonly number[]) =>
    new Set(list).size === list.length;
  if (from.length !== to.length || !isUnique(from) || !isUnique(to)) {
    throw new ConversionError("source and destination do not pair up");
  }
  const rest = x.dims.map((_, axis) => axis)
    .filter((axis) => !from.includes(axis));
  const order = x.dims.map((_, place) => {
    const at = to.indexOf(place);
    return at < 0 ? rest.shift()! : from[at]!;
  });
  return transpose(x, order);
}

/** Elements that leave at one end come back at the other. */
function rolled(call: OperatorCall): Value {
  const data = input(call, 0);
  const shifts = call.attributes.requiredInts("shift");
  const axes = call.attributes.ints("axis");
  if (axes === undefined) {
    const flat = reshape(data, [productOf(data.dims)]);
    const sum = shifts.reduce((total, shift) => total + shift, 0);
    return reshape(rolledAlong(flat, 0, sum), data.dims);
  }
  const count = Math.max(axes.length, shifts.length);
  const at = (list: readonly number[], i: number) =>
    list.length === 1 ? list[0]! : list[i]!;
  if ([axes, shifts].some(({ length }) => length !== 1 && length !== count)) {
    throw new ConversionError("shift and axis differ in length");
  }
  return Array.from({ length: count }, (_, i) => i).reduce(
    (x, i) => rolledAlong(x, axisOf(at(axes, i), x.rank), at(shifts, i)),
    data,
  );
}

function rolledAlong(x: Value, axis: number, shift: number): Value {
  const extent = fixedDim(x.dims[axis]!, "an extent that is rolled");
  const begin = ((-shift % extent) + extent) % extent;
  if (begin === 0) return x;
  return concat([
    slice(x, [{ axis, begin }]),
    slice(x, [{ axis, begin: 0, end: begin }]),
  ], axis);
}

/** Quarter turns from the first of two axes towards the second. */
function turned(call: OperatorCall): Value {
  const x = input(call, 0);
  const [a = 0, b = 1] = (call.attributes.ints("axes") ?? [0, 1])
    .map((axis) => axisOf(axis, x.rank));
  if (a === b) throw new ConversionError("the axes are equal");
  const turns = ((call.attributes.int("k", 1) % 4) + 4) % 4;
  const flip = (value: Value, axis: number) =>
    slice(value, [{ axis, step: -1 }]);
  const order = x.dims.map((_, axis) => axis).with(a, b).with(b, a);
  if (turns === 0) return x;
  if (turns === 2) return flip(flip(x, a), b);
  return turns === 1
    ? transpose(flip(x, b), order)
    : flip(transpose(x, order), b);
}

/** Each element from the next, `n` times over. */
function differences(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", -1), data.rank);
  const count = attributes.int("n", 1);
  const extent = fixedDim(data.dims[axis]!, "an extent");
  if (count < 0 || count >= extent) {
    throw new ConversionError(`attribute n is ${count} for ${extent} elements`);
  }
  return Array.from({ length: count }).reduce<Value>(
    (x) =>
      sub(
        slice(x, [{ axis, begin: 1 }]),
        slice(x, [{ axis, begin: 0, end: -1 }]),
      ),
    data,
  );
}

/** Keeps what lies on and below, or on and above, diagonal `k`. */
function triangle(call: OperatorCall, side: "lower" | "upper"): Value {
  const given = input(call, 0);
  const offset = call.attributes.int("k", 0);
  const [rows, columns] = [
    given.dims.at(-2) ?? given.dims[0]!,
    given.dims.at(-1)!,
  ]
    .map((dim) => fixedDim(dim, "the size of the matrices")) as [
      number,
      number,
    ];
  const mask = constantOf(given.graph, {
    type: "bool",
    shape: [rows, columns],
    numbers: Array.from({ length: rows * columns }, (_, i) => {
      const above = i % columns - Math.floor(i / columns);
      return (side === "lower" ? above <= offset : above >= offset) ? 1 : 0;
    }),
  });
  return where(mask, given, scalar(given, 0));
}

import { ConversionError } from "../conversion_error.ts";
import {
  addScalar,
  cast,
  constantOf,
  filled,
  mulScalar,
  rangeOf,
  reshape,
  unary,
} from "../emit/emit.ts";
import { type ElementType, isFloat } from "../element_type.ts";
import { axisOf, type Dim, productOf } from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";

/** Values without inputs, and types. */
export const creations: OperatorFamily = {
  title: "Creation and types",
  operators: {
    _zeros: (call) => constantLike(call, 0),
    _zeros_without_dtype: (call) => constantLike(call, 0),
    _ones: (call) => constantLike(call, 1),
    _full: (call) => constantLike(call, call.attributes.requiredFloat("value")),
    _arange: arange,
    _linspace: linspace,
    _eye: eye,
    _contrib_arange_like: arangeLike,
    Cast: { convert: castTo, aliases: ["cast"] },
    amp_cast: castFloats,
    amp_multicast: multicast,
  },
};

/** A 0 in `shape` is an extent that other nodes tell. */
function constantLike(call: OperatorCall, number: number): Value {
  const { attributes, graph } = call;
  const shape = attributes.requiredInts("shape");
  const type = attributes.type("dtype", "float32");
  const dims = shape.map((extent, axis): Dim => {
    if (extent < 0) throw new ConversionError(`shape has the extent ${extent}`);
    if (extent > 0) return extent;
    return graph.facts.resolve({ unknown: `"${call.name}", axis ${axis}` });
  });
  return filled(graph, { type, dims, number });
}

const MAX_ELEMENTS = 1 << 24;

function arange(call: OperatorCall): Value {
  const { attributes, graph } = call;
  const start = attributes.float("start", 0);
  const stop = attributes.optionalFloat("stop");
  const step = attributes.float("step", 1);
  const repeat = attributes.int("repeat", 1);
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const count = Math.max(0, Math.ceil((to - from) / step)) * repeat;
  if (!(count > 0 && count <= MAX_ELEMENTS && repeat > 0)) {
    throw new ConversionError(
      `${from} to ${to} by ${step} are ${count} numbers`,
    );
  }
  const type = attributes.type("dtype", "float32");
  const [first, gap] = [from, step].map((n) =>
    isFloat(type) ? n : Math.trunc(n)
  );
  const numbers = Array.from(
    { length: count },
    (_, i) => first! + Math.floor(i / repeat) * gap!,
  );
  return constantOf(graph, { type, shape: [count], numbers });
}

function linspace(call: OperatorCall): Value {
  const { attributes, graph } = call;
  const start = attributes.requiredFloat("start");
  const stop = attributes.requiredFloat("stop");
  const count = attributes.requiredInt("num");
  if (count < 1 || count > MAX_ELEMENTS) {
    throw new ConversionError(`attribute num is ${count}`);
  }
  const gaps = attributes.bool("endpoint", true) ? count - 1 : count;
  const step = gaps === 0 ? 0 : (stop - start) / gaps;
  const numbers = Array.from({ length: count }, (_, i) => start + i * step);
  const type = attributes.type("dtype", "float32");
  return constantOf(graph, { type, shape: [count], numbers });
}

function eye(call: OperatorCall): Value {
  const { attributes, graph } = call;
  const rows = attributes.requiredInt("N");
  const columns = attributes.int("M", 0) || rows;
  const offset = attributes.int("k", 0);
  if (rows < 1 || columns < 1 || rows * columns > MAX_ELEMENTS) {
    throw new ConversionError(`a matrix of ${rows} × ${columns} is asked for`);
  }
  const numbers = Array.from(
    { length: rows * columns },
    (_, i) => i % columns - Math.floor(i / columns) === offset ? 1 : 0,
  );
  const type = attributes.type("dtype", "float32");
  return constantOf(graph, { type, shape: [rows, columns], numbers });
}

/** Without an axis, as many numbers as the input has, in its shape. */
function arangeLike(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const stated = attributes.optionalInt("axis");
  const start = attributes.float("start", 0);
  const step = attributes.float("step", 1);
  const repeat = attributes.int("repeat", 1);
  const flat = stated === undefined
    ? reshape(data, [productOf(data.dims)])
    : data;
  const axis = axisOf(stated ?? 0, flat.rank);
  const positions = cast(rangeOf(flat, axis), data.type);
  const steps = repeat === 1 ? positions : unary(
    "Floor",
    mulScalar(addScalar(positions, 0.5), 1 / repeat),
  );
  const numbers = addScalar(mulScalar(steps, step), start);
  return stated === undefined ? reshape(numbers, data.dims) : numbers;
}

function castTo(call: OperatorCall): Value {
  const { attributes } = call;
  if (!attributes.has("dtype")) {
    throw new ConversionError("attribute dtype is missing");
  }
  return cast(input(call, 0), attributes.type("dtype", "float32"));
}

/** Mixed precision leaves whole numbers as they are. */
function castFloats(call: OperatorCall): Value {
  const data = input(call, 0);
  return isFloat(data.type) ? castTo(call) : data;
}

/** Float types from narrow to wide. */
const FLOATS: readonly ElementType[] = [
  "bfloat16",
  "float16",
  "float32",
  "float64",
];

function multicast({ inputs, attributes }: OperatorCall): readonly Value[] {
  const ranks = inputs.map(({ type }) => FLOATS.indexOf(type))
    .filter((rank) => rank >= 0);
  const narrow = attributes.bool("cast_narrow", false);
  const rank = narrow ? Math.min(...ranks) : Math.max(...ranks);
  const type = FLOATS[rank] ?? "float32";
  return inputs.map((value) =>
    FLOATS.includes(value.type) ? cast(value, type) : value
  );
}

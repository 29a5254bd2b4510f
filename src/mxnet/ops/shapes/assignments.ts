import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  apply,
  cast,
  compare,
  concat,
  constantOf,
  expand,
  gather,
  int64s,
  logic,
  mulScalar,
  rangeOf,
  reduce,
  reshape,
  scalar,
  sub,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import { axisOf, fixedDim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  passThrough,
} from "../operator.ts";

/** Parts that are written to, and what is known of places. */
export const assignments: OperatorFamily = {
  title: "Assignment and places",
  operators: {
    _slice_assign: {
      convert: (call) => assigned(call, input(call, 1)),
      aliases: ["_crop_assign", "_npi_slice_assign"],
      inputs: ["lhs", "rhs"],
    },
    _slice_assign_scalar: {
      convert: (call) => assigned(call, call.attributes.float("scalar", 0)),
      aliases: ["_crop_assign_scalar", "_npi_slice_assign_scalar"],
    },
    _contrib_index_array: indexArray,
    _contrib_allclose: { convert: allClose, inputs: ["a", "b"] },
    cast_storage: passThrough,
  },
};

/** Which places of an axis are written to, in order. */
interface WrittenAxis {
  readonly axis: number;
  readonly extent: number;
  readonly places: readonly number[];
}

function writtenAxes({ attributes }: OperatorCall, x: Value): WrittenAxis[] {
  const begins = attributes.optionalInts("begin");
  const ends = attributes.optionalInts("end");
  const steps = attributes.optionalInts("step");
  if (begins.length > x.rank || begins.length !== ends.length) {
    throw new ConversionError(
      "begin and end differ in length, or from the rank",
    );
  }
  return begins.map((begin, axis) => {
    const extent = fixedDim(x.dims[axis]!, "an extent that is written to");
    const step = steps[axis] ?? 1;
    if (step === 0) throw new ConversionError("a slice has step 0");
    const at = (place: number | undefined, missing: number) => {
      if (place === undefined) return missing;
      const low = step > 0 ? 0 : -1;
      const high = step > 0 ? extent : extent - 1;
      return Math.min(high, Math.max(low, place < 0 ? place + extent : place));
    };
    const first = at(begin, step > 0 ? 0 : extent - 1);
    const last = at(ends[axis], step > 0 ? extent : -1);
    const count = Math.max(0, Math.ceil((last - first) / step));
    const places = Array.from({ length: count }, (_, i) => first + i * step);
    return { axis, extent, places };
  });
}

/** The data, with part of it replaced by other values, or one number. */
function assigned(call: OperatorCall, fresh: Value | number): Value {
  const data = input(call, 0);
  const axes = writtenAxes(call, data);
  if (axes.some(({ places }) => places.length === 0)) return data;
  const masks = axes.map(({ axis, extent, places }) => {
    const shape = data.dims.map((_, i) => i === axis ? extent : 1);
    const numbers = Array.from(
      { length: extent },
      (_, place) => places.includes(place) ? 1 : 0,
    );
    return constantOf(data.graph, { type: "bool", shape, numbers });
  });
  const [first, ...rest] = masks;
  if (first === undefined) return data;
  const mask = rest.reduce((a, b) => logic("And", a, b), first);
  const value = typeof fresh === "number"
    ? scalar(data, fresh)
    : spreadTo(cast(fresh, data.type), axes);
  return where(mask, value, data);
}

/** Repeats values so that each stands at the place that it is written to. */
function spreadTo(fresh: Value, axes: readonly WrittenAxis[]): Value {
  return axes.reduce((x, { axis, extent, places }) => {
    const from = Array.from(
      { length: extent },
      (_, place) => Math.max(0, places.indexOf(place)),
    );
    return gather(x, axis, int64s(x.graph, from));
  }, fresh);
}

/** The index of every element, of all axes or of some. */
function indexArray(call: OperatorCall): Value {
  const x = input(call, 0);
  const axes = call.attributes.ints("axes") ?? x.dims.map((_, axis) => axis);
  const columns = axes.map((stated) => {
    const axis = axisOf(stated, x.rank);
    const shape = x.dims.map((dim, i) => i === axis ? dim : 1);
    const along = reshape(rangeOf(x, axis), shape);
    return unsqueeze(expand(along, x.dims), [x.rank]);
  });
  return concat(columns, x.rank);
}

/** 1 if no element of a is farther from b than allowed, 0 otherwise. */
function allClose(call: OperatorCall): Value {
  const { attributes } = call;
  const [a, b] = [input(call, 0), input(call, 1)];
  const size = mulScalar(unary("Abs", b), attributes.float("rtol", 1e-5));
  const limit = add(size, scalar(size, attributes.float("atol", 1e-8)));
  const close = logic(
    "Or",
    compare("LessOrEqual", unary("Abs", sub(a, b)), limit),
    compare("Equal", a, b),
  );
  const fits = attributes.bool("equal_nan", true) && isFloat(a.type)
    ? logic("Or", close, logic("And", isNan(a), isNan(b)))
    : close;
  const flat = reshape(cast(fits, "int32"), [productOf(fits.dims)]);
  const all = reduce("ReduceMin", flat, { axes: [0], keep: false });
  return cast(all, "uint8");
}

function isNan(x: Value): Value {
  return apply("IsNaN", [x], { dims: x.dims, type: "bool" });
}

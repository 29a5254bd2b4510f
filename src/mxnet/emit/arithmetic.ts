import { ConversionError } from "../conversion_error.ts";
import type { ElementType } from "../element_type.ts";
import {
  computeDim,
  type Dims,
  isUnknown,
  sameDim,
  showDims,
} from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { cast } from "./cast.ts";
import { scalar } from "./constants.ts";
import { apply, computedType } from "./kernel.ts";

/** a + b, with ONNX's (numpy's) broadcasting, like all that follow. */
export function add(a: Value, b: Value): Value {
  return binary("Add", a, b);
}

/** a − b */
export function sub(a: Value, b: Value): Value {
  return binary("Sub", a, b);
}

/** a × b */
export function mul(a: Value, b: Value): Value {
  return binary("Mul", a, b);
}

/** a ÷ b; whole numbers truncate toward zero. */
export function div(a: Value, b: Value): Value {
  return binary("Div", a, b);
}

/** a to the power of b */
export function pow(a: Value, b: Value): Value {
  return binary("Pow", a, b);
}

/** The larger of a and b. */
export function max(a: Value, b: Value): Value {
  return binary("Max", a, b);
}

/** The smaller of a and b. */
export function min(a: Value, b: Value): Value {
  return binary("Min", a, b);
}

/** Any operator of two values that broadcasts. */
export function binary(operator: string, a: Value, b: Value): Value {
  const [left, right] = sameType(a, b);
  return apply(operator, [left, right], { dims: broadcast(left, right) });
}

/** A comparison: `Equal`, `Less`, `Greater`, `LessOrEqual`, `GreaterOrEqual`. */
export function compare(operator: string, a: Value, b: Value): Value {
  const [left, right] = sameType(a, b);
  const dims = broadcast(left, right);
  return apply(operator, [left, right], { dims, type: "bool" });
}

/** `And`, `Or`, `Xor` of truth values. */
export function logic(operator: string, a: Value, b: Value): Value {
  return apply(operator, [truth(a), truth(b)], { dims: broadcast(a, b) });
}

/** The opposite truth value. */
export function not(x: Value): Value {
  return apply("Not", [truth(x)], { dims: x.dims });
}

/** Whether elements differ from 0. */
export function truth(x: Value): Value {
  return cast(x, "bool");
}

/** Elements of a where the condition holds, of b elsewhere. */
export function where(condition: Value, a: Value, b: Value): Value {
  const [left, right] = sameType(a, b);
  const type = computedType("Where", left.type);
  const cells = [truth(condition), cast(left, type), cast(right, type)];
  const dims = broadcastDims(condition.dims, broadcast(left, right));
  const [output] = a.graph.emit("Where", cells, { outputs: [{ type, dims }] });
  return cast(output!, left.type);
}

/** Any operator of one value that keeps its shape. */
export function unary(operator: string, x: Value): Value {
  return apply(operator, [x], { dims: x.dims });
}

/** x + number, in the type of x, like all that follow. */
export function addScalar(x: Value, number: number): Value {
  return add(x, scalar(x, number));
}

/** x × number */
export function mulScalar(x: Value, number: number): Value {
  return mul(x, scalar(x, number));
}

/** The value limited to `low`..`high`; either may be infinite. */
export function clip(x: Value, low: number, high: number): Value {
  const lower = low === Number.NEGATIVE_INFINITY ? undefined : scalar(x, low);
  const upper = high === Number.POSITIVE_INFINITY ? undefined : scalar(x, high);
  return apply("Clip", [x, lower, upper], { dims: x.dims });
}

/** The extents that two values have together. */
function broadcast(a: Value, b: Value): Dims {
  return broadcastDims(a.dims, b.dims);
}

/**
 * Returns the extents of a result whose operands are repeated to fit.
 *
 * @throws {ConversionError} if they do not fit
 */
export function broadcastDims(a: Dims, b: Dims): Dims {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (sameDim(left, right) || right === 1) return left;
    if (left === 1) return right;
    if (isUnknown(left)) return right;
    return isUnknown(right) ? left : computeDim(
      (l, r) => {
        if (l === r || r === 1) return l;
        if (l === 1) return r;
        throw new ConversionError(
          `shapes ${showDims(a)} and ${showDims(b)} do not fit`,
        );
      },
      left,
      right,
    );
  });
}

/**
 * Returns two values of one shape, as MXNet's `elemwise` operators demand, and
 * notes what either tells about the other.
 *
 * @throws {ConversionError} if their shapes differ
 */
export function sameShape(a: Value, b: Value): readonly [Value, Value] {
  const { facts } = a.graph;
  if (!a.determined && b.determined) facts.shape(a.source!, b.dims);
  if (!b.determined && a.determined) facts.shape(b.source!, a.dims);
  const fits = a.rank === b.rank && a.dims.every((dim, axis) => {
    const other = b.dims[axis]!;
    facts.equate(dim, other);
    return sameDim(dim, other) || isUnknown(dim) || isUnknown(other);
  });
  if (fits) return [a, b];
  throw new ConversionError(
    `inputs have shapes ${showDims(a.dims)} and ${
      showDims(b.dims)
    }, they would have to be equal`,
  );
}

const WIDEST: readonly ElementType[] = [
  "float64",
  "float32",
  "float16",
  "bfloat16",
  "int64",
  "uint64",
  "int32",
  "uint32",
  "int16",
  "uint16",
  "int8",
  "uint8",
  "bool",
];

/** Returns two values in the wider of their types. */
function sameType(a: Value, b: Value): readonly [Value, Value] {
  const type = WIDEST.find((wide) => a.type === wide || b.type === wide)!;
  return [cast(a, type), cast(b, type)];
}

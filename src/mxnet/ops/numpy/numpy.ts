import { ConversionError } from "../../conversion_error.ts";
import { type ElementType, isFloat } from "../../element_type.ts";
import {
  cast,
  compare,
  logic,
  matmul,
  not,
  reduce,
  type Reducer,
  reshape,
  scalar,
  squeeze,
  unsqueeze,
} from "../../emit/emit.ts";
import {
  axisOf,
  computeDim,
  type Dim,
  holds,
  productOf,
} from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";
import { type Pairwise, withFraction } from "../elementwise/pairwise.ts";

/** Operators of numpy mode that differ from the older ones. */
export const numpy: OperatorFamily = {
  title: "numpy mode",
  operators: {
    ...comparisons({
      equal: (a, b) => compare("Equal", a, b),
      not_equal: (a, b) => not(compare("Equal", a, b)),
      greater: (a, b) => compare("Greater", a, b),
      greater_equal: (a, b) => compare("GreaterOrEqual", a, b),
      less: (a, b) => compare("Less", a, b),
      less_equal: (a, b) => compare("LessOrEqual", a, b),
      logical_and: (a, b) => logic("And", a, b),
      logical_or: (a, b) => logic("Or", a, b),
      logical_xor: (a, b) => logic("Xor", a, b),
    }),
    _npi_logical_not: (call) => not(input(call, 0)),
    _np_sum: { convert: reduction("ReduceSum"), aliases: ["_npi_sum"] },
    _np_prod: { convert: reduction("ReduceProd"), aliases: ["_npi_prod"] },
    _np_max: { convert: reduction("ReduceMax"), aliases: ["_npi_max"] },
    _np_min: { convert: reduction("ReduceMin"), aliases: ["_npi_min"] },
    _npi_mean: reduction("ReduceMean"),
    _npi_matmul: product,
    _np_squeeze: { convert: squeezed, aliases: ["_npi_squeeze"] },
    _np_reshape: { convert: reshaped, aliases: ["_npi_reshape"] },
    _npx_reshape: codedReshape,
  },
};

/** Comparisons of two values, and of a value and a number; both give truth. */
function comparisons(
  formulas: Readonly<Record<string, Pairwise>>,
): Readonly<Record<string, OperatorFunction>> {
  return Object.fromEntries(
    Object.entries(formulas).flatMap(([name, formula]) => [
      [
        `_npi_${name}`,
        (call: OperatorCall) => formula(input(call, 0), input(call, 1)),
      ],
      [`_npi_${name}_scalar`, (call: OperatorCall) => {
        const x = withFraction(call, input(call, 0));
        return formula(x, scalar(x, call.attributes.float("scalar", 1)));
      }],
    ]),
  );
}

/** Unlike the older ones, these give rank 0 where no axis is left. */
function reduction(operator: Reducer): OperatorFunction {
  return (call) => {
    const { attributes } = call;
    const given = input(call, 0);
    const type = attributes.type("dtype", resultType(operator, given));
    const isCut = isFloat(given.type) && !isFloat(type);
    const x = isCut ? given : cast(given, type);
    const stated = attributes.ints("axis");
    const axes = stated?.map((axis) => axisOf(axis, x.rank)) ??
      x.dims.map((_, axis) => axis);
    const keep = attributes.bool("keepdims", false);
    return cast(reduce(operator, x, { axes, keep }), type);
  };
}

/** Truth is counted; whole numbers have means with fractions. */
function resultType(operator: Reducer, { type }: Value): ElementType {
  if (operator === "ReduceMean" && !isFloat(type)) return "float32";
  return type === "bool" ? "int64" : type;
}

/** A vector is a row on the left, a column on the right. */
function product(call: OperatorCall): Value {
  const [a, b] = [input(call, 0), input(call, 1)];
  const left = a.rank === 1 ? unsqueeze(a, [0]) : a;
  const right = b.rank === 1 ? unsqueeze(b, [1]) : b;
  const result = matmul(left, right);
  return squeeze(result, [
    ...(a.rank === 1 ? [result.rank - 2] : []),
    ...(b.rank === 1 ? [result.rank - 1] : []),
  ]);
}

function squeezed(call: OperatorCall): Value {
  const data = input(call, 0);
  const stated = call.attributes.ints("axis");
  return squeeze(
    data,
    stated ??
      data.dims.flatMap((dim, axis) =>
        holds(dim, (n) => n === 1) ? [axis] : []
      ),
  );
}

function reshaped(call: OperatorCall): Value {
  const data = input(call, 0);
  const shape = call.attributes.requiredInts("newshape");
  return reshape(data, withRest(data, shape));
}

/** Replaces −1 by what is left of the elements. */
function withRest(x: Value, dims: readonly Dim[]): readonly Dim[] {
  const open = dims.indexOf(-1);
  if (open < 0) return dims;
  const known = productOf(dims.with(open, 1));
  return dims.with(
    open,
    computeDim((all, part) => all / part, productOf(x.dims), known),
  );
}

/** −1 follows, −2 copies, −3 drops a 1, −4 copies the rest, −5 joins, −6 splits. */
function codedReshape(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const codes = attributes.requiredInts("newshape");
  if (!attributes.bool("reverse", false)) {
    return reshape(data, withRest(data, resolved(data.dims, codes)));
  }
  const backward = resolved(data.dims.toReversed(), codes.toReversed());
  return reshape(data, withRest(data, backward.toReversed()));
}

function resolved(
  source: readonly Dim[],
  codes: readonly number[],
): readonly Dim[] {
  const left = [...source];
  const next = () => {
    const dim = left.shift();
    if (dim !== undefined) return dim;
    throw new ConversionError(
      `newshape (${codes.join(", ")}) uses too many extents`,
    );
  };
  const result: Dim[] = [];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= -1) {
      result.push(code);
      left.shift();
    } else if (code === -2) result.push(next());
    else if (code === -3) requireOne(next());
    else if (code === -4) result.push(...left.splice(0));
    else if (code === -5) result.push(productOf([next(), next()]));
    else if (code === -6) {
      result.push(...halves(next(), codes[i + 1] ?? 0, codes[i + 2] ?? 0));
      i += 2;
    } else throw new ConversionError(`newshape has the code ${code}`);
  }
  return result;
}

function requireOne(dim: Dim): void {
  if (dim === 1) return;
  throw new ConversionError("code −3 meets an extent that is not 1");
}

function halves(dim: Dim, first: number, second: number): readonly Dim[] {
  const other = (known: number) => computeDim((extent) => extent / known, dim);
  if (first === -1) return [other(second), second];
  return [first, second === -1 ? other(first) : second];
}

import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  apply,
  cast,
  compare,
  div,
  expand,
  logic,
  mul,
  mulScalar,
  not,
  pickIndex,
  scalar,
  sub,
  truth,
  unary,
  where,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { asFloat, isNan, numpyPairs } from "./numpy_pairs.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";

/** Arithmetic of numpy mode. */
export const numpyArithmetic: OperatorFamily = {
  title: "numpy mode: arithmetic",
  operators: {
    ...numpyPairs,
    _npi_bitwise_and: onTruth("And"),
    _npi_bitwise_or: onTruth("Or"),
    _npi_bitwise_xor: onTruth("Xor"),
    _npi_bitwise_not: (call) => {
      const x = input(call, 0);
      return x.type === "bool" ? not(x) : sub(scalar(x, -1), signedNumber(x));
    },
    _npi_around: around,
    _npi_nan_to_num: nanToNumber,
    _npi_polyval: { convert: polynomial, inputs: ["p", "x"] },
    _npi_isnan: (call) => isNan(input(call, 0)),
    _npi_isinf: (call) => isInfinite(input(call, 0)),
    _npi_isposinf: (call) => is(input(call, 0), Infinity),
    _npi_isneginf: (call) => is(input(call, 0), -Infinity),
    _npi_isfinite: (call) => {
      const x = input(call, 0);
      return not(logic("Or", isNan(x), isInfinite(x)));
    },
    _npi_where_lscalar: (call) => {
      const [condition, y] = [input(call, 0), input(call, 1)];
      return where(truth(condition), scalarOf(call, y), y);
    },
    _npi_where_rscalar: (call) => {
      const [condition, x] = [input(call, 0), input(call, 1)];
      return where(truth(condition), x, scalarOf(call, x));
    },
    _npi_where_scalar2: (call) => {
      const condition = truth(input(call, 0));
      const like = cast(condition, "float32");
      const number = (name: string) =>
        scalar(like, call.attributes.float(name, 0));
      return where(condition, number("x"), number("y"));
    },
  },
};

function scalarOf({ attributes }: OperatorCall, like: Value): Value {
  return scalar(like, attributes.float("scalar", 0));
}

/** Bits of whole numbers are beyond ONNX's operators of this version. */
function onTruth(operator: "And" | "Or" | "Xor"): OperatorFunction {
  return (call) => {
    const [a, b] = [input(call, 0), input(call, 1)];
    if (a.type === "bool" && b.type === "bool") return logic(operator, a, b);
    throw new ConversionError(`bits of ${a.type} are not supported`);
  };
}

function signedNumber(x: Value): Value {
  if (!x.type.startsWith("u")) return x;
  throw new ConversionError(`bits of ${x.type} are not supported`);
}

/** To a number of decimals, halves to the even neighbour. */
function around(call: OperatorCall): Value {
  const x = input(call, 0);
  if (!isFloat(x.type)) return x;
  const factor = 10 ** call.attributes.int("decimals", 0);
  if (factor === 1) return unary("Round", x);
  const rounded = unary("Round", mulScalar(x, factor));
  return div(rounded, scalar(rounded, factor));
}

const LARGEST = 3.4028234663852886e38;

function nanToNumber(call: OperatorCall): Value {
  const { attributes } = call;
  const x = input(call, 0);
  if (!isFloat(x.type)) return x;
  const number = (name: string, missing: number) =>
    scalar(x, attributes.optionalFloat(name) ?? missing);
  const largest = x.type === "float64" ? Number.MAX_VALUE : LARGEST;
  const bounded = where(
    is(x, Infinity),
    number("posinf", largest),
    where(is(x, -Infinity), number("neginf", -largest), x),
  );
  return where(isNan(x), number("nan", 0), bounded);
}

/** p₀xⁿ + … + pₙ */
function polynomial(call: OperatorCall): Value {
  const [factors, x] = [input(call, 0), input(call, 1)];
  const count = fixedDim(factors.dims[0]!, "the number of coefficients");
  const factor = (i: number) => pickIndex(factors, 0, i);
  return Array.from({ length: count - 1 }, (_, i) => i + 1).reduce(
    (sum, i) => add(mul(sum, x), factor(i)),
    expand(factor(0), x.dims),
  );
}

function isInfinite(x: Value): Value {
  return apply("IsInf", [asFloat(x)], { dims: x.dims, type: "bool" });
}

function is(x: Value, number: number): Value {
  const float = asFloat(x);
  return compare("Equal", float, scalar(float, number));
}

import {
  add,
  apply,
  binary,
  broadcastDims,
  cast,
  compare,
  max,
  min,
  mul,
  pow,
  scalar,
  sub,
  unary,
  where,
} from "../../emit/emit.ts";
import { isFloat } from "../../element_type.ts";
import type { Value } from "../../onnx/value.ts";
import { arctan2 } from "./arctan2.ts";
import {
  input,
  type OperatorCall,
  type OperatorFunction,
} from "../operator.ts";
import {
  type Pairwise,
  reversed,
  withFraction,
} from "../elementwise/pairwise.ts";

/** Operators of numpy mode on two values, or a value and a number. */
export const numpyPairs: Readonly<Record<string, OperatorFunction>> = {
  ...pairs("true_divide", trueQuotient, { reversible: true }),
  ...pairs("floor_divide", floorQuotient, { reversible: true }),
  ...pairs("fmod", truncatedRemainder, { reversible: true }),
  ...pairs("arctan2", arctan2, { reversible: true, keepsType: true }),
  ...pairs("copysign", (a, b) => signed(unary("Abs", a), b), {
    reversible: true,
    keepsType: true,
  }),
  ...pairs("ldexp", (a, b) => mul(a, pow(scalar(a, 2), b)), {
    reversible: true,
    keepsType: true,
  }),
  ...pairs("fmax", (a, b) => withoutNan(max, a, b)),
  ...pairs("fmin", (a, b) => withoutNan(min, a, b)),
  ...pairs("logaddexp", logOfSum),
};

interface PairFacts {
  /** Whether there is one for a number and a value, in this order. */
  readonly reversible?: boolean;
  /** Whether whole numbers give whole numbers; otherwise they give float32. */
  readonly keepsType?: boolean;
}

/** An operator on two values, on a value and a number, and the other way. */
function pairs(
  name: string,
  pairwise: Pairwise,
  { reversible = false, keepsType = false }: PairFacts = {},
): Readonly<Record<string, OperatorFunction>> {
  const floats: Pairwise = (a, b) => {
    const result = pairwise(asFloat(a), asFloat(b));
    return keepsType ? cast(result, a.type) : result;
  };
  const withNumber = (formula: Pairwise) => (call: OperatorCall) => {
    const x = input(call, 0);
    const operand = keepsType ? withFraction(call, x) : asFloat(x);
    const number = call.attributes.float("scalar", 1);
    return formula(operand, scalar(operand, number));
  };
  return {
    [`_npi_${name}`]: (call) => floats(input(call, 0), input(call, 1)),
    [`_npi_${name}_scalar`]: withNumber(floats),
    ...(reversible && {
      [`_npi_r${name}_scalar`]: withNumber(reversed(floats)),
    }),
  };
}

/** Returns the value, as float32 if it holds whole numbers. */
export function asFloat(x: Value): Value {
  return isFloat(x.type) ? x : cast(x, "float32");
}

function trueQuotient(a: Value, b: Value): Value {
  return binary("Div", a, b);
}

function floorQuotient(a: Value, b: Value): Value {
  return unary("Floor", trueQuotient(a, b));
}

/** What is left of the first operand, with its sign. */
function truncatedRemainder(a: Value, b: Value): Value {
  return apply("Mod", [a, b], {
    dims: broadcastDims(a.dims, b.dims),
    attributes: { fmod: { int: 1 } },
  });
}

/** The size of one value with the sign of another; −0 counts as positive. */
function signed(size: Value, sign: Value): Value {
  const isNegative = compare("Less", sign, scalar(sign, 0));
  return where(isNegative, unary("Neg", size), size);
}

/** The other operand where one is not a number. */
function withoutNan(pairwise: Pairwise, a: Value, b: Value): Value {
  return where(isNan(a), b, where(isNan(b), a, pairwise(a, b)));
}

/** ln(eᵃ + eᵇ) */
function logOfSum(a: Value, b: Value): Value {
  const gap = unary("Neg", unary("Abs", sub(a, b)));
  return add(max(a, b), unary("Softplus", gap));
}

/** Returns where a value is no number. */
export function isNan(x: Value): Value {
  return apply("IsNaN", [asFloat(x)], { dims: x.dims, type: "bool" });
}

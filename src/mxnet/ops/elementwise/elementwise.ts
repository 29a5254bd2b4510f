import { add, sameShape, scalar } from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type Operator,
  type OperatorCall,
  type OperatorFamily,
} from "../operator.ts";
import { PAIRWISE, type Pairwise, reversed, withFraction } from "./pairwise.ts";
import { ConversionError } from "../../conversion_error.ts";

type PairName = keyof typeof PAIRWISE;

/** The operators on two values of one shape, with their older names. */
const STRICT: Readonly<Record<string, readonly [PairName, ...string[]]>> = {
  elemwise_add: ["add", "_plus", "_Plus", "_add", "_grad_add"],
  elemwise_sub: ["sub", "_minus", "_Minus", "_sub"],
  elemwise_mul: ["mul", "_mul", "_Mul"],
  elemwise_div: ["div", "_div", "_Div", "_scatter_elemwise_div"],
  _mod: ["mod", "_Mod"],
  _power: ["power", "_Power"],
  _maximum: ["maximum", "_Maximum"],
  _minimum: ["minimum", "_Minimum"],
  _hypot: ["hypot", "_Hypot"],
  _equal: ["equal", "_Equal"],
  _not_equal: ["not_equal", "_Not_Equal"],
  _greater: ["greater", "_Greater"],
  _greater_equal: ["greater_equal", "_Greater_Equal"],
  _lesser: ["lesser", "_Lesser"],
  _lesser_equal: ["lesser_equal", "_Lesser_Equal"],
  _logical_and: ["logical_and", "_Logical_And"],
  _logical_or: ["logical_or", "_Logical_Or"],
  _logical_xor: ["logical_xor", "_Logical_Xor"],
};

/** The operators that repeat extents of 1. */
const BROADCAST: Readonly<Record<string, readonly [PairName, ...string[]]>> = {
  broadcast_add: ["add", "broadcast_plus"],
  broadcast_sub: ["sub", "broadcast_minus"],
  broadcast_mul: ["mul"],
  broadcast_div: ["div"],
  broadcast_mod: ["mod"],
  broadcast_power: ["power"],
  broadcast_maximum: ["maximum"],
  broadcast_minimum: ["minimum"],
  broadcast_hypot: ["hypot"],
  broadcast_equal: ["equal"],
  broadcast_not_equal: ["not_equal"],
  broadcast_greater: ["greater"],
  broadcast_greater_equal: ["greater_equal"],
  broadcast_lesser: ["lesser"],
  broadcast_lesser_equal: ["lesser_equal"],
  broadcast_logical_and: ["logical_and"],
  broadcast_logical_or: ["logical_or"],
  broadcast_logical_xor: ["logical_xor"],
};

/** Operators on two values. */
export const elementwise: OperatorFamily = {
  title: "Arithmetic on two values",
  operators: {
    ...operatorsOf(STRICT, (pairwise) => (call) => {
      const [a, b] = sameShape(input(call, 0), input(call, 1));
      return pairwise(a, b);
    }),
    ...operatorsOf(
      BROADCAST,
      (pairwise) => (call) => pairwise(input(call, 0), input(call, 1)),
    ),
    add_n: {
      convert: addAll,
      aliases: ["ElementWiseSum", "_sum", "elemwise_sum"],
    },
  },
};

/** The operators on a value and the attribute `scalar`. */
const SCALAR: Readonly<Record<string, readonly [Pairwise, ...string[]]>> = {
  _plus_scalar: [PAIRWISE.add, "_PlusScalar", "_scatter_plus_scalar"],
  _minus_scalar: [PAIRWISE.sub, "_MinusScalar", "_scatter_minus_scalar"],
  _rminus_scalar: [reversed(PAIRWISE.sub), "_RMinusScalar"],
  _mul_scalar: [PAIRWISE.mul, "_MulScalar"],
  _div_scalar: [PAIRWISE.div, "_DivScalar"],
  _rdiv_scalar: [reversed(PAIRWISE.div), "_RDivScalar"],
  _mod_scalar: [PAIRWISE.mod, "_ModScalar"],
  _rmod_scalar: [reversed(PAIRWISE.mod), "_RModScalar"],
  _power_scalar: [PAIRWISE.power, "_PowerScalar"],
  _rpower_scalar: [reversed(PAIRWISE.power), "_RPowerScalar"],
  _maximum_scalar: [PAIRWISE.maximum, "_MaximumScalar"],
  _minimum_scalar: [PAIRWISE.minimum, "_MinimumScalar"],
  _hypot_scalar: [PAIRWISE.hypot, "_HypotScalar"],
  _equal_scalar: [PAIRWISE.equal, "_EqualScalar"],
  _not_equal_scalar: [PAIRWISE.not_equal, "_NotEqualScalar"],
  _greater_scalar: [PAIRWISE.greater, "_GreaterScalar"],
  _greater_equal_scalar: [PAIRWISE.greater_equal, "_GreaterEqualScalar"],
  _lesser_scalar: [PAIRWISE.lesser, "_LesserScalar"],
  _lesser_equal_scalar: [PAIRWISE.lesser_equal, "_LesserEqualScalar"],
  _logical_and_scalar: [PAIRWISE.logical_and, "_LogicalAndScalar"],
  _logical_or_scalar: [PAIRWISE.logical_or, "_LogicalOrScalar"],
  _logical_xor_scalar: [PAIRWISE.logical_xor, "_LogicalXorScalar"],
};

/** Operators on a value and a number. */
export const scalars: OperatorFamily = {
  title: "Arithmetic with a number",
  operators: {
    ...Object.fromEntries(
      Object.entries(SCALAR).map(([name, [pairwise, ...aliases]]) => {
        const convert = (call: OperatorCall) => withScalar(call, pairwise);
        return [name, { convert, aliases }];
      }),
    ),
  },
};

function operatorsOf(
  names: Readonly<Record<string, readonly [PairName, ...string[]]>>,
  make: (pairwise: Pairwise) => Operator["convert"],
): Readonly<Record<string, Operator>> {
  return Object.fromEntries(
    Object.entries(names).map((
      [name, [pair, ...aliases]],
    ) => [name, {
      convert: make(PAIRWISE[pair]),
      aliases,
      inputs: ["lhs", "rhs"],
    }]),
  );
}

/** Whole numbers take the scalar without its fraction, unless it is marked. */
function withScalar(call: OperatorCall, pairwise: Pairwise): Value {
  const { attributes } = call;
  const operand = withFraction(call, input(call, 0));
  return pairwise(operand, scalar(operand, attributes.float("scalar", 1)));
}

function addAll({ inputs }: OperatorCall): Value {
  const [first, ...rest] = inputs;
  if (first === undefined) throw new ConversionError("it has no inputs");
  return rest.reduce((sum, value) => add(...sameShape(sum, value)), first);
}

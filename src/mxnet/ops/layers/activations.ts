import {
  addScalar,
  apply,
  cast,
  mul,
  mulScalar,
  reshape,
  unary,
} from "../../emit/emit.ts";
import type { OnnxAttribute } from "../../onnx/model.ts";
import type { Value } from "../../onnx/value.ts";
import { expectVector } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Activation functions. */
export const activations: OperatorFamily = {
  title: "Activations",
  operators: {
    Activation: activation,
    LeakyReLU: { convert: leakyRelu, inputs: ["data", "gamma"] },
    relu: (call) => unary("Relu", input(call, 0)),
    sigmoid: (call) => unary("Sigmoid", input(call, 0)),
    softsign: (call) => unary("Softsign", input(call, 0)),
    hard_sigmoid: hardSigmoid,
    log_sigmoid: (call) => logSigmoid(input(call, 0)),
    mish: (call) => mish(input(call, 0)),
  },
};

const ACTIVATIONS: Readonly<Record<string, (x: Value) => Value>> = {
  relu: (x) => unary("Relu", x),
  sigmoid: (x) => unary("Sigmoid", x),
  tanh: (x) => unary("Tanh", x),
  softrelu: (x) => unary("Softplus", x),
  softsign: (x) => unary("Softsign", x),
  log_sigmoid: logSigmoid,
  mish,
};

function activation(call: OperatorCall): Value {
  const type = call.attributes.choice("act_type", Object.keys(ACTIVATIONS));
  return ACTIVATIONS[type]!(input(call, 0));
}

/** log(1 / (1 + e^−x)) = −log(1 + e^−x) */
function logSigmoid(x: Value): Value {
  return unary("Neg", unary("Softplus", unary("Neg", x)));
}

/** x · tanh(log(1 + e^x)) */
function mish(x: Value): Value {
  return mul(x, unary("Tanh", unary("Softplus", x)));
}

const LEAKY = ["rrelu", "leaky", "prelu", "elu", "selu", "gelu"] as const;

function leakyRelu(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const slope = attributes.float("slope", 0.25);
  const alpha = (value: number) => ({ alpha: { float: value } });
  switch (attributes.choice("act_type", LEAKY, "leaky")) {
    case "leaky":
      return shaped("LeakyRelu", data, alpha(slope));
    case "elu":
      return shaped("Elu", data, alpha(slope));
    case "selu":
      return shaped("Selu", data, {});
    case "gelu":
      return gelu(data);
    case "prelu":
      return parametricRelu(data, input(call, 1));
    case "rrelu": {
      const low = attributes.float("lower_bound", 0.125);
      const high = attributes.float("upper_bound", 0.334);
      return shaped("LeakyRelu", data, alpha((low + high) / 2));
    }
  }
}

function shaped(
  operator: string,
  x: Value,
  attributes: Readonly<Record<string, OnnxAttribute>>,
): Value {
  return apply(operator, [x], { dims: x.dims, attributes });
}

/** x · (1 + erf(x / √2)) / 2 */
function gelu(x: Value): Value {
  const erf = unary("Erf", mulScalar(x, Math.SQRT1_2));
  return mulScalar(mul(x, addScalar(erf, 1)), 0.5);
}

function parametricRelu(data: Value, gamma: Value): Value {
  const single = gamma.determined && gamma.dims.every((dim) => dim === 1);
  const channels = data.dims[1] ?? 1;
  const vector = single
    ? reshape(gamma, [1])
    : expectVector(gamma, "gamma", channels);
  const behind = new Array<number>(Math.max(0, data.rank - 2)).fill(1);
  const slopes = single ? vector : reshape(vector, [channels, ...behind]);
  return apply("PRelu", [data, cast(slopes, data.type)], { dims: data.dims });
}

function hardSigmoid(call: OperatorCall): Value {
  const alpha = call.attributes.float("alpha", 0.2);
  const beta = call.attributes.float("beta", 0.5);
  return shaped("HardSigmoid", input(call, 0), {
    alpha: { float: alpha },
    beta: { float: beta },
  });
}

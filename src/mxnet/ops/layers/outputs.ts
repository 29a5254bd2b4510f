import {
  cast,
  compare,
  div,
  flatten,
  rangeOf,
  reshape,
  scalar,
  softmax,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { axisOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  passThrough,
} from "../operator.ts";

/** Softmax, and what training ends in; labels play no part at inference. */
export const outputs: OperatorFamily = {
  title: "Outputs",
  operators: {
    SoftmaxOutput: {
      convert: softmaxOutput,
      aliases: ["Softmax"],
      labels: [1],
    },
    SoftmaxActivation: softmaxActivation,
    softmax: (call) => softmaxLike(call, input(call, 0)),
    log_softmax: (call) => softmaxLike(call, input(call, 0), "LogSoftmax"),
    softmin: (call) => softmaxLike(call, unary("Neg", input(call, 0))),
    LogisticRegressionOutput: {
      convert: (call) => unary("Sigmoid", input(call, 0)),
      labels: [1],
    },
    LinearRegressionOutput: { convert: passThrough, labels: [1] },
    MAERegressionOutput: { convert: passThrough, labels: [1] },
    SVMOutput: { convert: passThrough, labels: [1] },
    MakeLoss: { convert: passThrough, aliases: ["make_loss"] },
    WarpCTC: { convert: warpCtc, labels: [1] },
  },
};

function softmaxOutput(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  if (attributes.bool("multi_output", false)) return softmax(data, 1);
  if (attributes.bool("preserve_shape", false) || data.rank <= 2) {
    return softmax(data, data.rank - 1);
  }
  return reshape(softmax(flatten(data, 1), 1), data.dims);
}

function softmaxActivation(call: OperatorCall): Value {
  const data = input(call, 0);
  const mode = call.attributes.choice(
    "mode",
    ["instance", "channel"],
    "instance",
  );
  return softmax(data, mode === "channel" ? 1 : data.rank - 1);
}

function softmaxLike(
  call: OperatorCall,
  x: Value,
  operator: "Softmax" | "LogSoftmax" = "Softmax",
): Value {
  const { attributes } = call;
  const axis = axisOf(attributes.int("axis", -1), x.rank);
  const temperature = attributes.optionalFloat("temperature");
  const cool = temperature === undefined || temperature === 1
    ? x
    : div(x, scalar(x, temperature));
  const result = attributes.bool("use_length", false)
    ? maskedSoftmax(cool, axis, input(call, 1))
    : softmax(cool, axis, operator);
  return attributes.has("dtype")
    ? cast(result, attributes.type("dtype", result.type))
    : result;
}

/** Elements from the length on are 0, and count for nothing. */
function maskedSoftmax(x: Value, axis: number, length: Value): Value {
  const positions = unsqueeze(
    rangeOf(x, axis),
    x.dims.slice(axis + 1).map((_, i) => i + 1),
  );
  const lengths = unsqueeze(cast(length, "int64"), [axis]);
  const inside = compare("Less", positions, lengths);
  const low = scalar(x, Number.NEGATIVE_INFINITY);
  return where(inside, softmax(where(inside, x, low), axis), scalar(x, 0));
}

/** Probabilities of every step, [steps × items, symbols]. */
function warpCtc(call: OperatorCall): Value {
  const data = input(call, 0);
  return softmax(flatten(data, data.rank - 1), 1);
}

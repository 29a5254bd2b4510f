import { ConversionError } from "../conversion_error.ts";
import {
  add,
  addScalar,
  apply,
  cast,
  div,
  filled,
  mul,
  reduce,
  reshape,
  sub,
  transpose,
  unary,
} from "../emit/emit.ts";
import {
  axisOf,
  computeDim,
  type Dim,
  productOf,
  sameDim,
} from "../onnx/dims.ts";
import type { Value } from "../onnx/value.ts";
import { expectVector } from "./expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "./operator.ts";

/** Normalisation. */
export const normalizations: OperatorFamily = {
  title: "Normalisation",
  operators: {
    BatchNorm: {
      convert: batchNorm,
      aliases: ["BatchNorm_v1", "CuDNNBatchNorm", "_contrib_SyncBatchNorm"],
      inputs: ["data", "gamma", "beta", "moving_mean", "moving_var"],
      outputs: ["output", "mean", "var"],
    },
    _contrib_BatchNormWithReLU: {
      convert: (call) => unary("Relu", batchNorm(call)),
      inputs: ["data", "gamma", "beta", "moving_mean", "moving_var"],
      outputs: ["output", "mean", "var"],
    },
    InstanceNorm: {
      convert: instanceNorm,
      inputs: ["data", "gamma", "beta"],
      outputs: ["output", "mean", "var"],
    },
    LayerNorm: {
      convert: layerNorm,
      inputs: ["data", "gamma", "beta"],
      outputs: ["output", "mean", "std"],
    },
    GroupNorm: {
      convert: groupNorm,
      inputs: ["data", "gamma", "beta"],
      outputs: ["output", "mean", "std"],
    },
    L2Normalization: { convert: l2Normalization, outputs: ["output", "norm"] },
    LRN: { convert: localResponse, outputs: ["output", "tmp_norm"] },
  },
};

function batchNorm(call: OperatorCall): Value {
  const { attributes, graph } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", 1), data.rank);
  const channels = data.dims[axis]!;
  const [gamma, beta, mean, variance] = ["gamma", "beta", "mean", "variance"]
    .map((what, i) =>
      cast(expectVector(input(call, i + 1), what, channels), data.type)
    );
  const scale = attributes.bool("fix_gamma", true)
    ? filled(graph, { type: data.type, dims: [channels], number: 1 })
    : gamma!;
  const order = data.dims.map((_, i) => i);
  const swapped = axis === 1
    ? order
    : [0, axis, ...order.filter((i) => i !== 0 && i !== axis)];
  if (axis === 0 || data.rank < 2) {
    throw new ConversionError("normalisation along the batch is not supported");
  }
  const x = transpose(data, swapped);
  const y = apply("BatchNormalization", [x, scale, beta!, mean!, variance!], {
    dims: x.dims,
    attributes: { epsilon: { float: attributes.float("eps", 1e-3) } },
  });
  return transpose(y, order.map((i) => swapped.indexOf(i)));
}

/** Centred and divided by the deviation along axes, and both of these. */
function standardize(
  x: Value,
  axes: readonly number[],
  eps: number,
): readonly [Value, Value, Value] {
  const mean = reduce("ReduceMean", x, { axes, keep: true });
  const centred = sub(x, mean);
  const variance = reduce("ReduceMean", mul(centred, centred), {
    axes,
    keep: true,
  });
  const deviation = unary("Sqrt", addScalar(variance, eps));
  return [div(centred, deviation), mean, deviation];
}

/** Returns x · gamma + beta with these along one axis. */
function scaleAlong(
  x: Value,
  axis: number,
  [gamma, beta]: readonly [Value, Value],
): Value {
  const shape = x.dims.map((dim, i): Dim => i === axis ? dim : 1);
  const along = (value: Value, what: string) =>
    cast(reshape(expectVector(value, what, x.dims[axis]!), shape), x.type);
  return add(mul(x, along(gamma, "gamma")), along(beta, "beta"));
}

function instanceNorm(call: OperatorCall): Value {
  const data = input(call, 0);
  const axes = data.dims.map((_, axis) => axis).slice(2);
  const eps = call.attributes.float("eps", 1e-3);
  const [normal] = standardize(data, axes, eps);
  return scaleAlong(normal, 1, [input(call, 1), input(call, 2)]);
}

function layerNorm(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", -1), data.rank);
  const eps = attributes.float("eps", 1e-5);
  const weights = [input(call, 1), input(call, 2)] as const;
  const [normal, mean, deviation] = standardize(data, [axis], eps);
  if (attributes.bool("output_mean_var", false)) {
    return [scaleAlong(normal, axis, weights), mean, deviation];
  }
  if (axis < data.rank - 1) return [scaleAlong(normal, axis, weights)];
  const [gamma, beta] = weights.map((value, i) =>
    cast(
      expectVector(value, i === 0 ? "gamma" : "beta", data.dims[axis]!),
      data.type,
    )
  );
  return [apply("LayerNormalization", [data, gamma, beta], {
    dims: data.dims,
    attributes: { axis: { int: -1 }, epsilon: { float: eps } },
  })];
}

function groupNorm(call: OperatorCall): Value {
  const data = input(call, 0);
  const groups = call.attributes.int("num_groups", 1);
  const eps = call.attributes.float("eps", 1e-5);
  const channels = data.dims[1]!;
  const inGroup = computeDim((d) => d / groups, channels);
  const rest = data.dims.slice(2);
  const split = [data.dims[0]!, groups, productOf([inGroup, ...rest])];
  const [normal] = standardize(reshape(data, split), [2], eps);
  const weights = [input(call, 1), input(call, 2)] as const;
  const perGroup = weights[0].determined &&
    sameDim(productOf(weights[0].dims), groups);
  return perGroup
    ? reshape(scaleAlong(normal, 1, weights), data.dims)
    : scaleAlong(reshape(normal, data.dims), 1, weights);
}

function l2Normalization(call: OperatorCall): Value {
  const data = input(call, 0);
  const modes = ["instance", "channel", "spatial"] as const;
  const mode = call.attributes.choice("mode", modes, "instance");
  const all = data.dims.map((_, axis) => axis);
  const axes = { instance: all.slice(1), channel: [1], spatial: all.slice(2) };
  const squares = reduce("ReduceSumSquare", data, {
    axes: axes[mode],
    keep: true,
  });
  const eps = call.attributes.float("eps", 1e-10);
  return div(data, unary("Sqrt", addScalar(squares, eps)));
}

function localResponse(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const size = attributes.requiredInt("nsize");
  if (size % 2 === 0) {
    throw new ConversionError(`attribute nsize is ${size}, it has to be odd`);
  }
  return apply("LRN", [data], {
    dims: data.dims,
    attributes: {
      size: { int: size },
      alpha: { float: attributes.float("alpha", 1e-4) },
      beta: { float: attributes.float("beta", 0.75) },
      bias: { float: attributes.float("knorm", 2) },
    },
  });
}

import {
  addScalar,
  apply,
  cast,
  div,
  filled,
  mul,
  reduce,
  reshape,
  squeeze,
  sub,
  transpose,
  unary,
} from "../../emit/emit.ts";
import {
  axisOf,
  computeDim,
  type Dim,
  productOf,
  sameDim,
} from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { expectVector } from "../expect.ts";
import { localResponse } from "./local_response.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { scaleAlong } from "./scale_along.ts";

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
      convert: (call) => {
        const [result, ...rest] = batchNorm(call);
        return [unary("Relu", result!), ...rest];
      },
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

/** The result, the means, and one over the deviations. */
function batchNorm(call: OperatorCall): readonly Value[] {
  const { attributes, graph } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", 1), data.rank);
  const channels = data.dims[axis]!;
  const [gamma, beta, mean, variance] = ["gamma", "beta", "mean", "variance"]
    .map((what, i) =>
      cast(expectVector(input(call, i + 1), what, channels), data.type)
    );
  const eps = attributes.float("eps", 1e-3);
  const inverse = unary(
    "Reciprocal",
    unary("Sqrt", addScalar(variance!, eps)),
  );
  const scale = attributes.bool("fix_gamma", true)
    ? filled(graph, { type: data.type, dims: [channels], number: 1 })
    : gamma!;
  const order = data.dims.map((_, i) => i);
  const swapped = axis === 1
    ? order
    : [0, axis, ...order.filter((i) => i !== 0 && i !== axis)];
  if (axis === 0) {
    const shape = data.dims.map((dim, i): Dim => i === 0 ? dim : 1);
    const centred = sub(data, reshape(mean!, shape));
    const normal = mul(centred, reshape(inverse, shape));
    return [scaleAlong(normal, 0, [scale, beta!]), mean!, inverse];
  }
  const x = transpose(data, swapped);
  const y = apply("BatchNormalization", [x, scale, beta!, mean!, variance!], {
    dims: x.dims,
    attributes: { epsilon: { float: eps } },
  });
  const result = transpose(y, order.map((i) => swapped.indexOf(i)));
  return [result, mean!, inverse];
}

/** Values centred and divided by their deviation, along some axes. */
interface Standard {
  readonly normal: Value;
  readonly mean: Value;
  readonly variance: Value;
  readonly deviation: Value;
}

function standardize(x: Value, axes: readonly number[], eps: number): Standard {
  const mean = reduce("ReduceMean", x, { axes, keep: true });
  const centred = sub(x, mean);
  const variance = reduce("ReduceMean", mul(centred, centred), {
    axes,
    keep: true,
  });
  const deviation = unary("Sqrt", addScalar(variance, eps));
  return { normal: div(centred, deviation), mean, variance, deviation };
}

function instanceNorm(call: OperatorCall): readonly Value[] {
  const data = input(call, 0);
  const axes = data.dims.map((_, axis) => axis).slice(2);
  const eps = call.attributes.float("eps", 1e-3);
  const { normal, mean, variance } = standardize(data, axes, eps);
  const result = scaleAlong(normal, 1, [input(call, 1), input(call, 2)]);
  return [result, ...[mean, variance].map((x) => squeeze(x, axes))];
}

function layerNorm(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", -1), data.rank);
  const eps = attributes.float("eps", 1e-5);
  const weights = [input(call, 1), input(call, 2)] as const;
  const { normal, mean, deviation } = standardize(data, [axis], eps);
  if (axis < data.rank - 1) {
    return [scaleAlong(normal, axis, weights), mean, deviation];
  }
  const [gamma, beta] = weights.map((value, i) =>
    cast(
      expectVector(value, i === 0 ? "gamma" : "beta", data.dims[axis]!),
      data.type,
    )
  );
  const result = apply("LayerNormalization", [data, gamma, beta], {
    dims: data.dims,
    attributes: { axis: { int: -1 }, epsilon: { float: eps } },
  });
  return [result, mean, deviation];
}

function groupNorm(call: OperatorCall): readonly Value[] {
  const data = input(call, 0);
  const groups = call.attributes.int("num_groups", 1);
  const eps = call.attributes.float("eps", 1e-5);
  const channels = data.dims[1]!;
  const inGroup = computeDim((d) => d / groups, channels);
  const rest = data.dims.slice(2);
  const split = [data.dims[0]!, groups, productOf([inGroup, ...rest])];
  const { normal, mean, deviation } = standardize(
    reshape(data, split),
    [2],
    eps,
  );
  const weights = [input(call, 1), input(call, 2)] as const;
  const perGroup = weights[0].determined &&
    sameDim(productOf(weights[0].dims), groups);
  const result = perGroup
    ? reshape(scaleAlong(normal, 1, weights), data.dims)
    : scaleAlong(reshape(normal, data.dims), 1, weights);
  return [result, squeeze(mean, [2]), squeeze(deviation, [2])];
}

/** The result and the lengths. */
function l2Normalization(call: OperatorCall): readonly Value[] {
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
  const norm = unary("Sqrt", addScalar(squares, eps));
  const lengths = mode === "channel" ? norm : squeeze(norm, axes[mode]);
  return [div(data, norm), lengths];
}

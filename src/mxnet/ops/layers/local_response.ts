import { ConversionError } from "../../conversion_error.ts";
import {
  addScalar,
  apply,
  mul,
  mulScalar,
  pow,
  reshape,
  scalar,
} from "../../emit/emit.ts";
import { type Dims, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";

interface Response {
  /** Channels that count, the middle one's own among them; odd. */
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** Divides by what neighbouring channels respond (LRN, 2-D and 4-D). */
export function localResponse(call: OperatorCall): Value {
  const data = input(call, 0);
  requireRank(data, [2, 4]);
  const response = responseOf(call);
  if (data.rank === 4) return normalized(data, response);
  const image = reshape(data, [...data.dims, 1, 1]);
  return reshape(normalized(image, response), data.dims);
}

/** Of an even number of channels one does not count, but is divided by. */
function responseOf({ attributes }: OperatorCall): Response {
  const stated = attributes.requiredInt("nsize");
  if (stated < 1) throw new ConversionError(`attribute nsize is ${stated}`);
  const size = stated % 2 === 0 ? stated - 1 : stated;
  return {
    size,
    alpha: attributes.float("alpha", 1e-4) * size / stated,
    beta: attributes.float("beta", 0.75),
    bias: attributes.float("knorm", 2),
  };
}

function normalized(data: Value, response: Response): Value {
  const { size, alpha, beta, bias } = response;
  if (alpha <= 0 || beta <= 0) return composed(data, response);
  return apply("LRN", [data], {
    dims: data.dims,
    attributes: {
      size: { int: size },
      alpha: { float: alpha },
      beta: { float: beta },
      bias: { float: bias },
    },
  });
}

/** x · (bias + alpha · mean of the squares)^−beta, for what LRN does not take. */
function composed(
  data: Value,
  { size, alpha, beta, bias }: Response,
): Value {
  const [batch, channels, ...spatial] = data.dims;
  const rows: Dims = [batch!, 1, channels!, productOf(spatial)];
  const around = Math.floor(size / 2);
  const mean = apply("AveragePool", [reshape(mul(data, data), rows)], {
    dims: rows,
    attributes: {
      kernel_shape: { ints: [size, 1] },
      pads: { ints: [around, 0, around, 0] },
      count_include_pad: { int: 1 },
    },
  });
  const scale = addScalar(mulScalar(reshape(mean, data.dims), alpha), bias);
  return mul(data, pow(scale, scalar(scale, -beta)));
}

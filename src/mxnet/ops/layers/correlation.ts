import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  concat,
  mul,
  pad,
  reduce,
  slice,
  sub,
  unary,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape, fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** How well patches of two images fit, as optical flow needs it. */
export const correlations: OperatorFamily = {
  title: "Correlation",
  operators: {
    Correlation: {
      convert: correlation,
      inputs: ["data1", "data2"],
      outputs: ["output", "tmp1", "tmp2"],
    },
  },
};

/** Which patches are compared (correlation-inl.h). */
interface Patches {
  /** Odd side of a patch. */
  readonly kernel: number;
  readonly reach: number;
  /** From patch to patch of the first image. */
  readonly stride: number;
  readonly pad: number;
  /** How far the second patch lies from the first, along one axis. */
  readonly shifts: readonly number[];
}

/** One channel per displacement: the mean of products, or of distances. */
function correlation(call: OperatorCall): Value {
  const data = input(call, 0);
  requireRank(data, [4]);
  const patches = patchesOf(call);
  const margin = [0, 0, patches.pad, patches.pad];
  const bordered = (x: Value) => pad(x, { before: margin, after: margin });
  const first = bordered(data);
  const second = bordered(expectShape(input(call, 1), "data2", data.dims));
  const counts = fixedSpatial(first).map((extent) => countOf(extent, patches));
  const cut = (x: Value, shifts: readonly number[]) =>
    slice(
      x,
      shifts.map((shift, i) => {
        const begin = patches.reach + shift;
        const length = (counts[i]! - 1) * patches.stride + patches.kernel;
        return { axis: i + 2, begin, end: begin + length };
      }),
    );
  const fixed = cut(first, [0, 0]);
  const multiplies = call.attributes.bool("is_multiply", true);
  const planes = patches.shifts.flatMap((down) =>
    patches.shifts.map((right) => {
      const other = cut(second, [down, right]);
      const fit = multiplies
        ? mul(fixed, other)
        : unary("Abs", sub(fixed, other));
      return reduce("ReduceMean", fit, { axes: [1], keep: true });
    })
  );
  return averaged(concat(planes, 1), patches, counts);
}

const MAX_DISPLACEMENTS = 4096;

function patchesOf({ attributes }: OperatorCall): Patches {
  const kernel = attributes.int("kernel_size", 1);
  const reach = attributes.int("max_displacement", 1);
  const stride = attributes.int("stride1", 1);
  const step = attributes.int("stride2", 1);
  const pad = attributes.int("pad_size", 0);
  const radius = Math.floor(reach / step);
  const side = 2 * radius + 1;
  if (
    kernel < 1 || kernel % 2 === 0 || reach < 0 || stride < 1 || step < 1 ||
    pad < 0 || side * side > MAX_DISPLACEMENTS
  ) {
    throw new ConversionError(
      `patches of ${kernel}, displaced up to ${reach} by ${step}, are asked for`,
    );
  }
  const shifts = Array.from({ length: side }, (_, i) => (i - radius) * step);
  return { kernel, reach, stride, pad, shifts };
}

function countOf(extent: number, { kernel, reach, stride }: Patches): number {
  const room = extent - 2 * (reach + (kernel - 1) / 2);
  if (room > 0) return Math.ceil(room / stride);
  throw new ConversionError("its input is smaller than patches and reach");
}

function averaged(
  x: Value,
  { kernel, stride }: Patches,
  counts: readonly number[],
): Value {
  if (kernel === 1 && stride === 1) return x;
  return apply("AveragePool", [x], {
    dims: [x.dims[0]!, x.dims[1]!, ...counts],
    attributes: {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [stride, stride] },
    },
  });
}

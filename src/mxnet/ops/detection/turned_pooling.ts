import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  addScalar,
  cast,
  max,
  mul,
  mulScalar,
  pickIndex,
  reduce,
  scalar,
  sub,
  transpose,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";
import {
  between,
  isWithin,
  nearest,
  type Point,
  sampleCount,
  spreadOver,
  stepsAlong,
} from "./region_points.ts";

/** Points are [regions, bins down, bins right, samples down, samples right]. */
const RANK = 5;

/** Regions are [image, x, y, width, height, degrees], turned about (x, y). */
export function turnedPooling(call: OperatorCall): Value {
  const [data, regions] = [input(call, 0), input(call, 1)];
  requireRank(data, [4]);
  const column = (i: number) => spreadOver(pickIndex(regions, 1, i), [0], RANK);
  const point = turned(call, column);
  const extents = fixedSpatial(data);
  const table = transpose(data, [0, 2, 3, 1]);
  const values = between(table, [column(0)], nearest(point, extents));
  const inside = cast(isWithin(point, extents, 1), values.type);
  const mean = reduce("ReduceMean", mul(values, unsqueeze(inside, [RANK])), {
    axes: [3, 4],
    keep: false,
  });
  return cast(transpose(mean, [0, 3, 1, 2]), data.type);
}

/** The samples, turned and moved to where the region is. */
function turned(call: OperatorCall, column: (i: number) => Value): Point {
  const { attributes } = call;
  const [height = 0, width = 0] = attributes.requiredInts("pooled_size");
  if (height < 1 || width < 1) {
    throw new ConversionError("attribute pooled_size has to be two extents");
  }
  const samples = sampleCount(call, "sampling_ratio", -1);
  const scale = attributes.requiredFloat("spatial_scale");
  const scaled = (i: number) => mulScalar(column(i), scale);
  const down = samplesAlong(1, { extent: scaled(4), count: height, samples });
  const right = samplesAlong(2, { extent: scaled(3), count: width, samples });
  const angle = mulScalar(column(5), Math.PI / 180);
  const [cosine, sine] = [unary("Cos", angle), unary("Sin", angle)];
  return {
    y: add(sub(mul(down, cosine), mul(right, sine)), scaled(2)),
    x: add(add(mul(right, cosine), mul(down, sine)), scaled(1)),
  };
}

/** Where samples lie along one side, counted from the region's centre. */
function samplesAlong(
  axis: 1 | 2,
  { extent, count, samples }: {
    readonly extent: Value;
    readonly count: number;
    readonly samples: number;
  },
): Value {
  const length = max(extent, scalar(extent, 1));
  const bin = mulScalar(length, 1 / count);
  const bins = stepsAlong(bin, { axis, rank: RANK, count });
  const place = { axis: axis + 2, rank: RANK, count: samples };
  const centres = addScalar(stepsAlong(bin, place), 0.5);
  const inBin = mul(mulScalar(centres, 1 / samples), bin);
  return add(add(mulScalar(length, -0.5), mul(bins, bin)), inBin);
}

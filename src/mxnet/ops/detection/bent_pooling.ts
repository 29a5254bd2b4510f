import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  cast,
  div,
  gather,
  int64s,
  max,
  mul,
  mulScalar,
  pickIndex,
  reduce,
  reshape,
  scalar,
  transpose,
  unsqueeze,
} from "../../emit/emit.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape, fixedSpatial } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";
import {
  planesByBin,
  type PositionSizes,
  positionSizes,
  sideOf,
} from "./position_pooling.ts";
import {
  between,
  isWithin,
  nearest,
  sampleCount,
  spreadOver,
  stepsAlong,
} from "./region_points.ts";

/** Points are [regions, bins down, bins right, classes, samples, samples]. */
const RANK = 6;

/** Position-sensitive means of samples in bins that are moved. */
export function bentPooling(call: OperatorCall): Value {
  const [data, regions] = [input(call, 0), input(call, 1)];
  const sizes = positionSizes(call, data);
  const { pooled, channels } = sizes;
  const moves = movesOf(call, sizes);
  const samples = sampleCount(call, "sample_per_part", 1);
  const bins = { regions, sizes, moves, samples };
  const point = { y: samplesAlong(1, bins), x: samplesAlong(2, bins) };
  const counts = [pooled, pooled, moves.classes];
  const tuple = [
    spreadOver(pickIndex(regions, 1, 0), [0], RANK),
    ...counts.map((count, i) =>
      stepsAlong(regions, { axis: i + 1, rank: RANK, count })
    ),
  ];
  const extents = fixedSpatial(data);
  const table = tableOf(data, sizes, moves.classes);
  const values = between(table, tuple, nearest(point, extents));
  const mean = meanOf(values, isWithin(point, extents, 0.5));
  const byBin = reshape(mean, [regions.dims[0]!, pooled, pooled, channels]);
  return cast(transpose(byBin, [0, 3, 1, 2]), data.type);
}

/** How far bins are moved. */
interface Moves {
  /** Groups of channels that are moved together. */
  readonly classes: number;
  /** As shares of the region, right before down; absent if nothing moves. */
  readonly shares?: readonly Value[];
}

function movesOf(
  call: OperatorCall,
  { channels, pooled }: PositionSizes,
): Moves {
  const { attributes } = call;
  if (attributes.bool("no_trans", false)) return { classes: 1 };
  const given = input(call, 2);
  const part = attributes.int("part_size", 0) || pooled;
  const regions = given.dims[0]!;
  const classes = fixedDim(given.dims[1]!, "the number of classes") / 2;
  if (!Number.isInteger(classes) || channels % classes !== 0) {
    throw new ConversionError(
      `${channels} channels are not ${classes} classes`,
    );
  }
  expectShape(given, "trans", [regions, 2 * classes, part, part]);
  const pairs = reshape(given, [regions, classes, 2, part, part]);
  const bins = Array.from({ length: pooled }, (_, bin) => bin * part / pooled);
  const places = int64s(given.graph, bins.map(Math.floor));
  const byBin = gather(gather(pairs, 3, places), 4, places);
  const factor = attributes.float("trans_std", 0);
  const shares = [0, 1].map((axis) => {
    const moves = transpose(pickIndex(byBin, 2, axis), [0, 2, 3, 1]);
    return spreadOver(mulScalar(moves, factor), [0, 1, 2, 3], RANK);
  });
  return { classes, shares };
}

/** Where the samples lie along one axis of the image. */
function samplesAlong(
  axis: 1 | 2,
  { regions, sizes, moves, samples }: {
    readonly regions: Value;
    readonly sizes: PositionSizes;
    readonly moves: Moves;
    readonly samples: number;
  },
): Value {
  const { pooled, scale } = sizes;
  const side = sideOf(regions, axis === 1 ? 2 : 1, { scale, shift: -0.5 });
  const length = spreadOver(side.length, [0], RANK);
  const bin = div(length, scalar(length, pooled));
  const bins = stepsAlong(bin, { axis, rank: RANK, count: pooled });
  const rest = add(mul(bins, bin), spreadOver(side.start, [0], RANK));
  const share = moves.shares?.[2 - axis];
  const start = share === undefined ? rest : add(rest, mul(share, length));
  const place = { axis: axis + 3, rank: RANK, count: samples };
  const steps = stepsAlong(bin, place);
  return add(start, mul(steps, div(bin, scalar(bin, samples))));
}

/** [images, bins, bins, classes, height, width, channels of a class] */
function tableOf(data: Value, sizes: PositionSizes, classes: number): Value {
  const planes = planesByBin(data, sizes);
  const dims = planes.dims.slice(0, 5);
  const inClass = sizes.channels / classes;
  const split = reshape(planes, [...dims, classes, inClass]);
  return transpose(split, [0, 1, 2, 5, 3, 4, 6]);
}

/** The mean of samples that count; 0 if none does. */
function meanOf(values: Value, inside: Value): Value {
  const weights = unsqueeze(cast(inside, values.type), [RANK]);
  const sum = (x: Value) =>
    reduce("ReduceSum", x, { axes: [4, 5], keep: false });
  const count = sum(weights);
  return div(sum(mul(values, weights)), max(count, scalar(count, 1)));
}

import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  apply,
  asIndices,
  cast,
  clip,
  div,
  gather,
  int64s,
  max,
  mul,
  mulScalar,
  pad,
  pickIndex,
  reshape,
  scalar,
  sub,
  transpose,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape, fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";
import { lookUp, rounded, spreadOver, stepsAlong } from "./region_points.ts";

/** The sizes of position-sensitive pooling. */
export interface PositionSizes {
  readonly scale: number;
  /** Channels of the result. */
  readonly channels: number;
  /** Side of the result. */
  readonly pooled: number;
  /** Side of the map of positions. */
  readonly group: number;
}

const MAX_SIDE = 256;

/** Reads and checks the attributes that position-sensitive poolings share. */
export function positionSizes(
  { attributes }: OperatorCall,
  data: Value,
): PositionSizes {
  const channels = attributes.requiredInt("output_dim");
  const pooled = attributes.requiredInt("pooled_size");
  const group = attributes.int("group_size", 0) || pooled;
  if ([channels, pooled, group].some((n) => n < 1) || pooled > MAX_SIDE) {
    throw new ConversionError(
      `${channels} channels of ${pooled} × ${pooled} are asked for`,
    );
  }
  requireRank(data, [4]);
  const [height, width] = fixedSpatial(data);
  const given = channels * group * group;
  expectShape(data, "data", [undefined, given, height, width]);
  return {
    scale: attributes.requiredFloat("spatial_scale"),
    channels,
    pooled,
    group,
  };
}

/** Where a region starts and how far it reaches, along one axis; [regions]. */
export interface Side {
  readonly start: Value;
  readonly length: Value;
}

/** Returns a side of regions [image, x1, y1, x2, y2]; `first` is 1 or 2. */
export function sideOf(
  regions: Value,
  first: 1 | 2,
  { scale, shift }: { readonly scale: number; readonly shift: number },
): Side {
  const low = rounded(pickIndex(regions, 1, first));
  const high = rounded(pickIndex(regions, 1, first + 2));
  const start = add(mulScalar(low, scale), scalar(low, shift));
  const beyond = mulScalar(add(high, scalar(high, 1)), scale);
  const end = add(beyond, scalar(beyond, shift));
  return { start, length: max(sub(end, start), scalar(end, 0.1)) };
}

/**
 * Returns the planes that the bins of a region look at.
 *
 * @returns [images, bins down, bins right, height, width, channels]
 */
export function planesByBin(data: Value, sizes: PositionSizes): Value {
  const { channels, pooled, group } = sizes;
  const [height, width] = fixedSpatial(data) as readonly [number, number];
  const planes = reshape(
    data,
    [data.dims[0]!, channels, group, group, height, width],
  );
  const bins = Array.from(
    { length: pooled },
    (_, bin) => Math.floor(bin * group / pooled),
  );
  const places = int64s(data.graph, bins);
  const picked = gather(gather(planes, 2, places), 3, places);
  return transpose(picked, [0, 2, 3, 4, 5, 1]);
}

/** The mean of each bin, each from planes of its own. */
export function positionPooling(call: OperatorCall): Value {
  const [data, regions] = [input(call, 0), input(call, 1)];
  const sizes = positionSizes(call, data);
  const { pooled, scale } = sizes;
  const [rows, columns] = fixedSpatial(data).map((extent, i) => {
    const side = sideOf(regions, i === 0 ? 2 : 1, { scale, shift: 0 });
    return edgesOf(side, { pooled, extent, axis: i + 1 });
  }) as [Edges, Edges];
  const bins = [1, 2].map((axis) =>
    stepsAlong(regions, { axis, rank: 3, count: pooled })
  );
  const image = spreadOver(pickIndex(regions, 1, 0), [0], 3);
  const table = sumsUpTo(planesByBin(data, sizes));
  const corner = (y: Value, x: Value) =>
    lookUp(table, [image, bins[0]!, bins[1]!, y, x]);
  const strip = (y: Value) =>
    sub(corner(y, columns.end), corner(y, columns.start));
  const total = sub(strip(rows.end), strip(rows.start));
  const area = mul(lengthOf(rows), lengthOf(columns));
  const cells = unsqueeze(cast(area, total.type), [3]);
  const mean = div(total, max(cells, scalar(cells, 1)));
  return cast(transpose(mean, [0, 3, 1, 2]), data.type);
}

/** Where bins start and end along an axis, in whole pixels. */
interface Edges {
  readonly start: Value;
  readonly end: Value;
}

function lengthOf({ start, end }: Edges): Value {
  return sub(end, start);
}

/** An empty bin ends where it starts. */
function edgesOf(
  { start, length }: Side,
  { pooled, extent, axis }: {
    readonly pooled: number;
    readonly extent: number;
    readonly axis: number;
  },
): Edges {
  const bin = spreadOver(div(length, scalar(length, pooled)), [0], 3);
  const origin = spreadOver(start, [0], 3);
  const steps = stepsAlong(bin, { axis, rank: 3, count: pooled });
  const low = add(mul(steps, bin), origin);
  const next = add(steps, scalar(steps, 1));
  const high = add(mul(next, bin), origin);
  const first = clip(unary("Floor", low), 0, extent);
  const last = clip(unary("Ceil", high), 0, extent);
  return { start: asIndices(first), end: asIndices(max(first, last)) };
}

/** Sums of all pixels above and left of a corner, in float64. */
function sumsUpTo(planes: Value): Value {
  const margin = [0, 0, 0, 1, 1, 0];
  const wide = pad(cast(planes, "float64"), {
    before: margin,
    after: margin.map(() => 0),
  });
  return [3, 4].reduce(
    (x, axis) =>
      apply("CumSum", [x], {
        dims: x.dims,
        also: [reshape(int64s(x.graph, [axis]), [])],
      }),
    wide,
  );
}

import {
  add,
  addScalar,
  apply,
  cast,
  compare,
  concat,
  constantOf,
  logic,
  mul,
  pickIndex,
  reshape,
  scalar,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { type Dim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import type { Window } from "./convolution_window.ts";
import { fixedSpatial } from "../expect.ts";

/** What every step of a deformable convolution needs to know. */
export interface Bend {
  readonly window: Window;
  /** Groups of channels that share their offsets. */
  readonly bends: number;
  /** Points of a window. */
  readonly points: number;
  readonly batch: Dim;
  readonly channels: number;
  /** Height and width of the result. */
  readonly size: readonly number[];
  /**
   * What lies outside: nothing, after half a pixel of the `edge`; or `zeros`,
   * into which the edge fades within one pixel.
   */
  readonly outside: "edge" | "zeros";
}

/**
 * Returns what lies at the points of all windows.
 *
 * @param offsets [batch × bends, points, 2, height, width], down before right
 * @returns [batch, channels, points, height, width], the channels by bends
 */
export function sampled(data: Value, offsets: Value, bend: Bend): Value {
  const { bends, points, batch, channels, size, outside } = bend;
  const [height, width] = size as readonly [number, number];
  const extents = fixedSpatial(data);
  const down = coordinate(offsets, bend, 0);
  const right = coordinate(offsets, bend, 1);
  const rows = productOf([batch, bends]);
  const inGroup = channels / bends;
  const grid = concat(
    [right, down].map((at, i) =>
      unsqueeze(normalized(at, extents[1 - i]!), [at.rank])
    ),
    4,
  );
  const samples = apply("GridSample", [
    cast(reshape(data, [rows, inGroup, ...extents]), "float32"),
    reshape(grid, [rows, points * height, width, 2]),
  ], {
    dims: [rows, inGroup, points * height, width],
    attributes: {
      mode: { string: "bilinear" },
      padding_mode: { string: outside === "edge" ? "border" : "zeros" },
      align_corners: { int: 0 },
    },
  });
  const cells = reshape(samples, [rows, inGroup, points, height, width]);
  if (outside === "zeros") return cast(cells, data.type);
  const inside = logic(
    "And",
    isInside(down, extents[0]!),
    isInside(right, extents[1]!),
  );
  const kept = where(unsqueeze(inside, [1]), cells, scalar(cells, 0));
  return cast(kept, data.type);
}

/** Where the points lie along one axis, in pixels: rest plus offset. */
function coordinate(
  offsets: Value,
  { window, size, points }: Bend,
  axis: number,
): Value {
  const moved = cast(pickIndex(offsets, 2, axis), "float32");
  const [height, width] = size as readonly [number, number];
  const columns = window.kernel[1]!;
  const numbers = Array.from({ length: points * height * width }, (_, i) => {
    const point = Math.floor(i / (height * width));
    const cell = [Math.floor(i / width) % height, i % width][axis]!;
    const tap = [Math.floor(point / columns), point % columns][axis]!;
    return cell * window.stride[axis]! - window.pad[axis]! +
      tap * window.dilate[axis]!;
  });
  const shape = [1, points, height, width];
  const rest = constantOf(moved.graph, { type: "float32", shape, numbers });
  return add(moved, rest);
}

/** Pixels as −1..1 from edge to edge, as GridSample takes them. */
function normalized(at: Value, extent: number): Value {
  const factor = scalar(at, 2 / extent);
  return addScalar(mul(at, factor), 1 / extent - 1);
}

function isInside(at: Value, extent: number): Value {
  return logic(
    "And",
    compare("GreaterOrEqual", at, scalar(at, 0)),
    compare("Less", at, scalar(at, extent)),
  );
}

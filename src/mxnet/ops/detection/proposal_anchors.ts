import { ConversionError } from "../../conversion_error.ts";
import { constantOf } from "../../emit/emit.ts";
import { fixedDims } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";

/** The anchors of all places of a map, row by row, those of a place together. */
export interface AnchorGrid {
  readonly height: number;
  readonly width: number;
  /** Pixels from place to place. */
  readonly stride: number;
  /** Anchors at each place. */
  readonly anchors: number;
  /** Anchors of all places. */
  readonly count: number;
  /** [1, count, 4] */
  readonly corners: Value;
  /** The place of each anchor, [1, count]. */
  readonly rows: Value;
  readonly columns: Value;
}

const MAX_ANCHORS = 1 << 22;

/** Returns the anchors of a map of probabilities. */
export function anchorGrid(call: OperatorCall): AnchorGrid {
  const data = input(call, 0);
  const [height, width] = fixedDims(
    requireRank(data, [4]).slice(2),
    "the height and width of its input",
  ) as readonly [number, number];
  const stride = call.attributes.int("feature_stride", 16);
  const shapes = anchorShapes(call, stride);
  const anchors = shapes.length;
  const count = height * width * anchors;
  if (!(count >= 1 && count <= MAX_ANCHORS) || stride < 1) {
    throw new ConversionError(`there would be ${count} anchors`);
  }
  const each = (shape: readonly number[], make: (i: number) => number) => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    const numbers = Array.from({ length }, (_, i) => make(i));
    return constantOf(data.graph, { type: data.type, shape, numbers });
  };
  const row = (anchor: number) => Math.floor(anchor / anchors / width);
  const column = (anchor: number) => Math.floor(anchor / anchors) % width;
  return {
    height,
    width,
    stride,
    anchors,
    count,
    corners: each([1, count, 4], (i) => {
      const anchor = Math.floor(i / 4);
      const place = i % 2 === 0 ? column(anchor) : row(anchor);
      return shapes[anchor % anchors]![i % 4]! + place * stride;
    }),
    rows: each([1, count], row),
    columns: each([1, count], column),
  };
}

/** Corners of the anchors of the first place: all scales of each ratio. */
function anchorShapes(
  { attributes }: OperatorCall,
  stride: number,
): readonly (readonly number[])[] {
  const scales = attributes.floats("scales") ?? [4, 8, 16, 32];
  const ratios = attributes.floats("ratios") ?? [0.5, 1, 2];
  const centre = 0.5 * (stride - 1);
  return ratios.flatMap((ratio) =>
    scales.map((scale) => {
      const area = Math.floor(stride * stride / ratio);
      const side = Math.floor(Math.sqrt(area) + 0.5);
      const width = side * scale;
      const height = Math.floor(side * ratio + 0.5) * scale;
      const [right, down] = [0.5 * (width - 1), 0.5 * (height - 1)];
      return [centre - right, centre - down, centre + right, centre + down];
    })
  );
}

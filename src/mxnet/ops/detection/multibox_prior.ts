import { ConversionError } from "../../conversion_error.ts";
import { constantOf } from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";
import { fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";

const MAX_ANCHORS = 1 << 22;

/** Anchor boxes of every cell, [1, cells × boxes, 4]. */
export function prior(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  requireRank(data, [4]);
  const [height, width] = fixedSpatial(data) as readonly [number, number];
  const sizes = attributes.floats("sizes") ?? [1];
  const ratios = attributes.floats("ratios") ?? [1];
  const [stepY = -1, stepX = -1] = attributes.floats("steps") ?? [];
  const [offsetY = 0.5, offsetX = 0.5] = attributes.floats("offsets") ?? [];
  const halves = halfExtents(sizes, ratios, height / width);
  const count = height * width * halves.length;
  if (count === 0 || count > MAX_ANCHORS) {
    throw new ConversionError(`it would make ${count} anchors`);
  }
  const [strideY, strideX] = [stepY, stepX].map((step, i) =>
    step > 0 ? step : 1 / (i === 0 ? height : width)
  ) as [number, number];
  const numbers = Array.from({ length: height * width }, (_, cell) => {
    const x = (cell % width + offsetX) * strideX;
    const y = (Math.floor(cell / width) + offsetY) * strideY;
    return halves.flatMap(([w, h]) => [x - w, y - h, x + w, y + h]);
  }).flat();
  const limit = (n: number) => Math.min(1, Math.max(0, n));
  return constantOf(call.graph, {
    type: data.type,
    shape: [1, count, 4],
    numbers: attributes.bool("clip", false) ? numbers.map(limit) : numbers,
  });
}

/** Every size with the first ratio, then the first size with other ratios. */
function halfExtents(
  sizes: readonly number[],
  ratios: readonly number[],
  aspect: number,
): readonly (readonly [number, number])[] {
  const half = (size: number, ratio: number) => {
    const root = Math.sqrt(ratio);
    return [size * aspect * root / 2, size / root / 2] as const;
  };
  return [
    ...sizes.map((size) => half(size, ratios[0]!)),
    ...ratios.slice(1).map((ratio) => half(sizes[0]!, ratio)),
  ];
}

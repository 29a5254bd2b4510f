import {
  add,
  addScalar,
  cast,
  constantOf,
  div,
  gather,
  int64s,
  mul,
  scalar,
} from "../../emit/emit.ts";
import type { Value } from "../../onnx/value.ts";

/** What OpenCV's weights of bytes are parts of: 2¹¹. */
const WHOLE = 2048;

/** One side of an image, and how long it shall be. */
interface Side {
  readonly from: number;
  readonly to: number;
}

/** The two pixels that a pixel of the result is between, and their weights. */
interface Between {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly weights: readonly [readonly number[], readonly number[]];
}

/**
 * Returns images of bytes, [count, height, width, channels], of another size:
 * bilinear, in the whole numbers that OpenCV computes with (`resize.cpp`).
 */
export function resizeBytes(
  x: Value,
  { height, width }: { readonly height: Side; readonly width: Side },
): Value {
  const pixels = cast(x, "int32");
  const across = places(width);
  const columns = ([first, second]: readonly Value[]) => add(first!, second!);
  const wide = columns(weighted(pixels, across, 2));
  const rows = weighted(floorDiv(wide, 16), places(height), 1)
    .map((row) => floorDiv(row, 1 << 16));
  return cast(floorDiv(addScalar(columns(rows), 2), 4), x.type);
}

function floorDiv(x: Value, divisor: number): Value {
  return div(x, scalar(x, divisor));
}

/** Returns either neighbour times its weight, along an axis. */
function weighted(
  x: Value,
  { first, second, weights }: Between,
  axis: number,
): readonly Value[] {
  return [first, second].map((indices, i) => {
    const shape = [indices.length, ...x.dims.slice(axis + 1).map(() => 1)];
    const weight = constantOf(x.graph, {
      type: "int32",
      shape,
      numbers: weights[i]!,
    });
    return mul(gather(x, axis, int64s(x.graph, indices)), weight);
  });
}

function places({ from, to }: Side): Between {
  const centres = Array.from(
    { length: to },
    (_, i) => Math.fround((i + 0.5) * (from / to) - 0.5),
  );
  const inside = (index: number) => Math.min(from - 1, Math.max(0, index));
  const shares = centres.map((centre) =>
    Math.fround(centre - Math.floor(centre))
  );
  return {
    first: centres.map((centre) => inside(Math.floor(centre))),
    second: centres.map((centre) => inside(Math.floor(centre) + 1)),
    weights: [
      shares.map((share) => toEven(Math.fround(1 - share) * WHOLE)),
      shares.map((share) => toEven(share * WHOLE)),
    ],
  };
}

/** Returns the nearest whole number, of two the even one. */
function toEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  if (rest !== 0.5) return Math.round(number);
  return below % 2 === 0 ? below : below + 1;
}

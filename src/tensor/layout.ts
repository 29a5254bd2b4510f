import type { Planes } from "./pixels.ts";

/** How the planes of a picture become the elements of a tensor. */
export interface LayoutOptions {
  /** Whether the channel axis comes before the rows or after the columns. */
  readonly layout: "NCHW" | "NHWC";
  /** In the order of the channel axis; `GRAY` is the first plane alone. */
  readonly channels: "RGB" | "BGR" | "GRAY";
  /** `[h, w]` cut from the centre, at most the picture's own. */
  readonly crop: readonly [number, number] | undefined;
  /** One factor, or one per channel in their order. */
  readonly scale: readonly number[];
  /** Subtracted after scaling: one, or one per channel. */
  readonly mean: readonly number[];
  /** Divided by at the end: one, or one per channel. */
  readonly std: readonly number[];
}

/** The elements of one picture. */
export interface Elements {
  /** `[1, channels, h, w]` or `[1, h, w, channels]`. */
  readonly shape: readonly [number, number, number, number];
  /** `(value × scale − mean) ÷ std`. */
  readonly data: Float32Array;
}

/** The planes that channels are taken from. */
const PLANES = { RGB: [0, 1, 2], BGR: [2, 1, 0], GRAY: [0] } as const;

/**
 * Crops, scales and orders the planes of a picture. An odd pixel that cropping
 * leaves over is cut off on the right or at the bottom. Where nothing is to be
 * changed, the elements are the planes' own array.
 */
export function layOut(planes: Planes, options: LayoutOptions): Elements {
  const { layout, channels, crop } = options;
  const [height, width] = crop ?? [planes.height, planes.width];
  const order = PLANES[channels];
  const isNchw = layout === "NCHW";
  const shape = isNchw
    ? [1, order.length, height, width] as const
    : [1, height, width, order.length] as const;
  if (isIdentity(planes, options, [height, width])) {
    return { shape, data: planes.data };
  }
  const data = new Float32Array(order.length * height * width);
  order.forEach((plane, channel) => {
    writeChannel({ planes, plane, height, width }, data, {
      values: valueTable(options, channel),
      first: isNchw ? channel * height * width : channel,
      step: isNchw ? 1 : order.length,
    });
  });
  return { shape, data };
}

function isIdentity(
  planes: Planes,
  { layout, channels, scale, mean, std }: LayoutOptions,
  [height, width]: readonly [number, number],
): boolean {
  return layout === "NCHW" && channels === "RGB" &&
    height === planes.height && width === planes.width &&
    scale.every((it) => it === 1) && mean.every((it) => it === 0) &&
    std.every((it) => it === 1);
}

/** Returns the element for each of the 256 values of a channel. */
function valueTable(
  { scale, mean, std }: LayoutOptions,
  channel: number,
): Float32Array {
  const factor = scale[channel] ?? scale[0]!;
  const subtrahend = mean[channel] ?? mean[0]!;
  const divisor = std[channel] ?? std[0]!;
  return Float32Array.from(
    { length: 256 },
    (_, value) => (value * factor - subtrahend) / divisor,
  );
}

function writeChannel(
  { planes, plane, height, width }: {
    readonly planes: Planes;
    readonly plane: number;
    readonly height: number;
    readonly width: number;
  },
  data: Float32Array,
  { values, first, step }: {
    readonly values: Float32Array;
    readonly first: number;
    readonly step: number;
  },
): void {
  const top = (planes.height - height) >> 1;
  const left = (planes.width - width) >> 1;
  let target = first;
  for (let y = 0; y < height; y++) {
    const row = (plane * planes.height + top + y) * planes.width + left;
    for (let x = 0; x < width; x++, target += step) {
      data[target] = values[planes.data[row + x]!]!;
    }
  }
}

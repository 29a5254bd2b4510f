import { PLAIN_PREPROCESS, type Preprocess } from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";
import {
  castFloats,
  type CastType,
  isCastType,
  layOut,
  type Pixels,
  resize,
  type Tensor,
  toGrey,
} from "../../tensor/mod.ts";
import type { BoundInput } from "../binding.ts";
import { decodePixels } from "./decode_image.ts";
import { corruptedImage } from "./image_error.ts";

/** Rows and columns; 0 is the picture's own. */
type Size = readonly [number, number];

/** Pictures much longer than wide could become huge, resized by their shorter side. */
const MAX_RESIZED_PIXELS = 25_000_000;

/** A picture as the graph takes it. */
export interface SizedTensor {
  /** `[1, channels, h, w]`, or `[1, h, w, channels]`. */
  readonly tensor: Tensor;
  /** Pixels in a row of the picture, once it is turned upright. */
  readonly width: number;
  /** Rows of the picture, once it is turned upright. */
  readonly height: number;
}

/** One input of a graph that takes pictures. */
export class ImageInput {
  /** The graph's name for it. */
  readonly name: string;
  /** The field that fills it. */
  readonly field: string;
  readonly #preprocess: Preprocess;
  readonly #size: Size;
  readonly #type: CastType;

  /**
   * Works out how a picture becomes the input's tensor.
   *
   * @throws {MmsError} `invalid_model` if it takes no pictures, or others than
   * its preprocessing makes
   */
  constructor(input: BoundInput) {
    const { type } = input;
    if (!isCastType(type)) throw refusal(input, `its type is ${type}`);
    this.name = input.name;
    this.field = input.field;
    this.#type = type;
    this.#preprocess = channelsOf(input, preprocessOf(input));
    this.#size = sizeOf(input, this.#preprocess);
    checkSizes(input, this.#preprocess, this.#size);
  }

  /**
   * Decodes a picture and turns it into a tensor: `[1, channels, h, w]`, or
   * `[1, h, w, channels]`.
   *
   * @throws {MmsError} `bad_request` if it cannot be decoded, or is too small
   * or too long to be cropped or resized
   */
  async tensor(bytes: Uint8Array): Promise<Tensor> {
    return (await this.sizedTensor(bytes)).tensor;
  }

  /** As `tensor`, with the extents that the picture had in pixels. */
  async sizedTensor(bytes: Uint8Array): Promise<SizedTensor> {
    const { orientation } = this.#preprocess;
    using decoded = await decodePixels(bytes, { orientation });
    const { width, height } = decoded;
    return { tensor: this.#tensorOf(decoded), width, height };
  }

  #tensorOf(decoded: Pixels): Tensor {
    const { channels, interpolation, crop } = this.#preprocess;
    const pixels = channels === "GRAY" ? toGrey(decoded) : decoded;
    const [height, width] = this.#resized(pixels);
    if (height * width > MAX_RESIZED_PIXELS) {
      throw corruptedImage(
        `its ${pixels.width} × ${pixels.height} pixels would be resized to ${width} × ${height}`,
      );
    }
    if (crop !== undefined && (crop[0] > height || crop[1] > width)) {
      throw corruptedImage(
        `its ${width} × ${height} pixels are too few to cut ${crop[1]} × ${
          crop[0]
        } from`,
      );
    }
    const planes = resize(pixels, { width, height, interpolation });
    const { shape, data } = layOut(planes, this.#preprocess);
    return castFloats(data, shape, this.#type);
  }

  #resized(pixels: Pixels): Size {
    const target = this.#preprocess.resize;
    if (typeof target !== "number") {
      const [height, width] = target ?? this.#size;
      return [height || pixels.height, width || pixels.width];
    }
    const shorter = Math.min(pixels.width, pixels.height);
    const scaled = (extent: number) => Math.floor(extent * target / shorter);
    return [scaled(pixels.height), scaled(pixels.width)];
  }
}

/** Whether an input has the shape of pictures. */
export function isImageInput(input: BoundInput): boolean {
  const preprocess = preprocessOf(input);
  return input.shape.length === 4 && isCastType(input.type) &&
    [0, 1, 3].includes(channelExtent(input, preprocess));
}

/** Without preprocessing the channels may be seen to come last. */
function preprocessOf(input: BoundInput): Preprocess {
  if (input.preprocess !== undefined) return input.preprocess;
  const isChannels = (axis: number) => [1, 3].includes(input.shape[axis] ?? 0);
  return !isChannels(1) && isChannels(3)
    ? { ...PLAIN_PREPROCESS, layout: "NHWC" }
    : PLAIN_PREPROCESS;
}

function channelExtent({ shape }: BoundInput, { layout }: Preprocess): number {
  return shape[layout === "NCHW" ? 1 : 3]!;
}

function channelsOf(input: BoundInput, preprocess: Preprocess): Preprocess {
  const { shape } = input;
  if (shape.length !== 4) throw refusal(input, `its shape is [${shape}]`);
  const extent = channelExtent(input, preprocess);
  if (extent === 1) return { ...preprocess, channels: "GRAY" };
  const own = preprocess.channels === "GRAY" ? 1 : 3;
  if (extent === 0 || extent === own) return preprocess;
  throw refusal(
    input,
    `it takes ${extent} channels, ${preprocess.channels} in ${preprocess.layout} has ${own}`,
  );
}

function sizeOf({ shape }: BoundInput, { layout }: Preprocess): Size {
  return layout === "NCHW" ? [shape[2]!, shape[3]!] : [shape[1]!, shape[2]!];
}

/** Preprocessing must end with the size that the graph takes. */
function checkSizes(
  input: BoundInput,
  { resize, crop }: Preprocess,
  size: Size,
): void {
  const isFree = size.some((extent) => extent === 0);
  const last = crop ?? (typeof resize === "number" ? undefined : resize);
  if (last === undefined && resize !== undefined && !isFree) {
    throw refusal(
      input,
      `it takes ${
        shown(size)
      }, a picture resized by its shorter side needs a crop to that`,
    );
  }
  const made = last ?? size;
  if (size.some((extent, i) => extent !== 0 && extent !== made[i])) {
    throw refusal(
      input,
      `it takes ${shown(size)}, preprocessing makes ${shown(made)}`,
    );
  }
  const before = typeof resize === "number" ? [resize, resize] : resize;
  if (crop?.some((extent, i) => extent > (before?.[i] ?? Infinity))) {
    throw refusal(
      input,
      `${shown(crop)} cannot be cut from what is resized to ${resize}`,
    );
  }
}

function shown([height, width]: Size): string {
  return `${height || "any"} rows of ${width || "any"}`;
}

function refusal({ field }: BoundInput, reason: string): MmsError {
  return new MmsError(
    "invalid_model",
    `Cannot use input "${field}" for pictures: ${reason}`,
  );
}

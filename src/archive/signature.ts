import type { DataType } from "../tensor/mod.ts";

/** The two content types that a signature can name. */
export type SignatureType = "image/jpeg" | "application/json";

/** How pixels become tensor elements, in this order: resize, crop, × scale, − mean, ÷ std. */
export interface Preprocess {
  readonly layout: "NCHW" | "NHWC";
  readonly channels: "RGB" | "BGR" | "GRAY";
  /** `[h, w]`, or the length of the shorter side; `undefined`: to the input's own size. */
  readonly resize: readonly [number, number] | number | undefined;
  /** `[h, w]` cut from the centre. */
  readonly crop: readonly [number, number] | undefined;
  readonly interpolation: "nearest" | "linear" | "cubic" | "area";
  /** One factor, or one per channel. */
  readonly scale: readonly number[];
  /** Per channel, in units of the scaled pixel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Whether EXIF orientation is honoured. */
  readonly orientation: "honour" | "ignore";
}

/** One named input of a model. */
export interface SignatureInput {
  readonly name: string;
  /** Extents as written: 0 means any, axis 0 is the batch. */
  readonly shape: readonly number[];
  readonly dataType: DataType | undefined;
  readonly preprocess: Preprocess | undefined;
}

/** One named output of a model. */
export interface SignatureOutput {
  readonly name: string;
  /** Extents as written; `undefined` where the signature leaves them out. */
  readonly shape: readonly number[] | undefined;
  /** Whether the service turns these logits into probabilities. */
  readonly softmax: boolean;
}

/** `signature.json`: what a model takes and gives. */
export interface Signature {
  readonly inputs: readonly SignatureInput[];
  readonly inputType: SignatureType | undefined;
  /** Empty where the signature names no outputs: then all of the graph's. */
  readonly outputs: readonly SignatureOutput[];
  readonly outputType: SignatureType | undefined;
  /** How many classes the image service answers with. */
  readonly top: number;
}

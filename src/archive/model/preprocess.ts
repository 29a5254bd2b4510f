import { MmsError } from "../../errors.ts";
import {
  choice,
  integer,
  type JsonField,
  list,
  member,
  number,
  optional,
  record,
  reject,
} from "./json_field.ts";

/** How pixels become tensor elements, in this order: resize, crop, × scale, − mean, ÷ std. */
export interface Preprocess {
  /** `[n, channels, h, w]` or `[n, h, w, channels]`. */
  readonly layout: "NCHW" | "NHWC";
  /** In the order of the channel axis. */
  readonly channels: "RGB" | "BGR" | "GRAY";
  /** `[h, w]`, or the length of the shorter side; `undefined`: to the input's own size. */
  readonly resize: readonly [number, number] | number | undefined;
  /** `[h, w]` cut from the centre. */
  readonly crop: readonly [number, number] | undefined;
  /** By OpenCV's names and arithmetic. */
  readonly interpolation: "nearest" | "linear" | "cubic" | "area";
  /** One factor, or one per channel. */
  readonly scale: readonly number[];
  /** One value or one per channel, in units of the scaled pixel. */
  readonly mean: readonly number[];
  /** One value or one per channel, none of them 0. */
  readonly std: readonly number[];
  /** Whether EXIF orientation is honoured. */
  readonly orientation: "honour" | "ignore";
}

/** What the original's image service does: resize to the input's size, scale nothing. */
export const PLAIN_PREPROCESS: Preprocess = {
  layout: "NCHW",
  channels: "RGB",
  resize: undefined,
  crop: undefined,
  interpolation: "cubic",
  scale: [1],
  mean: [0],
  std: [1],
  orientation: "honour",
};

/**
 * Checks the `preprocess` extension of a signature's input. What it leaves out
 * is as in the original's image service.
 *
 * @throws {MmsError} `invalid_archive` if a field has the wrong kind, or a name
 * that there is not, which would change pictures silently
 */
export function parsePreprocess(field: JsonField): Preprocess {
  requireKnownKeys(record(field));
  const of = (key: string) => member(field, key);
  const plain = PLAIN_PREPROCESS;
  const channels = optional(
    of("channels"),
    (it) => choice(it, ["RGB", "BGR", "GRAY"]),
  ) ?? plain.channels;
  const most = channels === "GRAY" ? 1 : 3;
  return {
    layout: optional(of("layout"), (it) => choice(it, ["NCHW", "NHWC"])) ??
      plain.layout,
    channels,
    resize: optional(of("resize"), readResize),
    crop: optional(of("crop"), readSize),
    interpolation: optional(
      of("interpolation"),
      (it) => choice(it, ["nearest", "linear", "cubic", "area"]),
    ) ?? plain.interpolation,
    scale: optional(of("scale"), (it) => perChannel(it, most)) ?? plain.scale,
    mean: optional(of("mean"), (it) => perChannel(it, most)) ?? plain.mean,
    std: optional(of("std"), (it) => divisors(it, most)) ?? plain.std,
    orientation:
      optional(of("orientation"), (it) => choice(it, ["honour", "ignore"])) ??
        plain.orientation,
  };
}

function requireKnownKeys(field: JsonField): void {
  const known = Object.keys(PLAIN_PREPROCESS);
  const unknown = Object.keys(field.value as object) // checked by `record`
    .find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new MmsError(
    "invalid_archive",
    `Cannot read "${field.file}": ${field.where} has no "${unknown}", ${
      known.map((key) => `"${key}"`).join(", ")
    } would be right`,
  );
}

function readResize(field: JsonField): readonly [number, number] | number {
  return Array.isArray(field.value) ? readSize(field) : integer(field, 1);
}

function readSize(field: JsonField): readonly [number, number] {
  const extents = list(field).map((it) => integer(it, 1));
  const [height, width] = extents;
  if (extents.length !== 2 || height === undefined || width === undefined) {
    reject(field, "[height, width]");
  }
  return [height, width];
}

/** A bare number stands for a list of one. */
function perChannel(field: JsonField, most: number): readonly number[] {
  if (!Array.isArray(field.value)) return [number(field)];
  const values = list(field).map(number);
  if (values.length !== 1 && values.length !== most) {
    reject(field, most === 1 ? "one number" : `one number or ${most} of them`);
  }
  return values;
}

function divisors(field: JsonField, most: number): readonly number[] {
  const values = perChannel(field, most);
  if (values.includes(0)) reject(field, "anything but 0");
  return values;
}

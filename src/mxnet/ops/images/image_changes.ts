import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  apply,
  cast,
  clip,
  constantOf,
  extentsOf,
  slice,
  squeeze,
  unsqueeze,
} from "../../emit/emit.ts";
import { type ElementType, isFloat } from "../../element_type.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { rounded } from "../detection/region_points.ts";
import { resizeBytes } from "./byte_resizing.ts";

/** Images, channels last, of other sizes, directions and light. */
export const imageChanges: OperatorFamily = {
  title: "Changes of images",
  operators: {
    _image_resize: { convert: resized, aliases: ["_npx__image_resize"] },
    _image_flip_left_right: {
      convert: (call) => flipped(call, -2),
      aliases: ["_npx__image_flip_left_right"],
    },
    _image_flip_top_bottom: {
      convert: (call) => flipped(call, -3),
      aliases: ["_npx__image_flip_top_bottom"],
    },
    _image_adjust_lighting: {
      convert: relit,
      aliases: ["_npx__image_adjust_lighting"],
    },
  },
};

function imageOf(call: OperatorCall): Value {
  const x = input(call, 0);
  if (x.rank === 3 || x.rank === 4) return x;
  throw new ConversionError(`its input has rank ${x.rank}, 3 or 4 are right`);
}

function flipped(call: OperatorCall, axis: number): Value {
  const x = imageOf(call);
  return slice(x, [{ axis: axis + x.rank, step: -1 }]);
}

const MAX_SIDE = 1 << 14;

/** The width and height of the result; one number is the shorter side, or both. */
function wantedSize(
  { attributes }: OperatorCall,
  [height, width]: readonly [number, number],
): readonly [number, number] {
  const size = attributes.ints("size") ?? [];
  const [first = 0, second = first] = size;
  const shorter = Math.min(width, height);
  const keeps = attributes.bool("keep_ratio", false) && size.length === 1;
  const wanted: readonly [number, number] = keeps
    ? [
      Math.trunc(width * first / shorter),
      Math.trunc(height * first / shorter),
    ]
    : [first, second];
  if (wanted.every((side) => side >= 1 && side <= MAX_SIDE)) return wanted;
  throw new ConversionError(`attribute size is (${size.join(", ")})`);
}

/** As OpenCV does it: nearest (0) or bilinear (1). */
function resized(call: OperatorCall): Value {
  const given = imageOf(call);
  const kind = call.attributes.int("interp", 1);
  if (kind !== 0 && kind !== 1) {
    throw new ConversionError(`attribute interp is ${kind}, 0 and 1 are known`);
  }
  const x = given.rank === 3 ? unsqueeze(given, [0]) : given;
  const [height, width] = x.dims.slice(1, 3).map((dim) =>
    fixedDim(dim, "the height and width of its input")
  ) as [number, number];
  const [toWidth, toHeight] = wantedSize(call, [height, width]);
  const sides = {
    height: { from: height, to: toHeight },
    width: { from: width, to: toWidth },
  };
  const result = kind === 1 && x.type === "uint8"
    ? resizeBytes(x, sides)
    : resizePixels(x, { kind, height: toHeight, width: toWidth });
  return given.rank === 3 ? squeeze(result, [0]) : result;
}

function resizePixels(
  x: Value,
  { kind, height, width }: {
    readonly kind: number;
    readonly height: number;
    readonly width: number;
  },
): Value {
  const dims = x.dims.with(1, height).with(2, width);
  const image = cast(x, "float32");
  const larger = apply("Resize", [image, undefined, undefined], {
    dims,
    also: [extentsOf(x.graph, dims)],
    attributes: kind === 0
      ? { ...NEAREST, mode: { string: "nearest" } }
      : { ...LINEAR, mode: { string: "linear" } },
  });
  return storedAs(larger, x.type, rounded);
}

const NEAREST = {
  coordinate_transformation_mode: { string: "asymmetric" },
  nearest_mode: { string: "floor" },
} as const;

const LINEAR = {
  coordinate_transformation_mode: { string: "half_pixel" },
} as const;

/** Back to the type of the image, limited to what a byte holds. */
function storedAs(
  x: Value,
  type: ElementType,
  toWhole: (x: Value) => Value,
): Value {
  if (isFloat(type)) return cast(x, type);
  return cast(toWhole(type === "uint8" ? clip(x, 0, 255) : x), type);
}

// AlexNet's principal components of ImageNet (image_random-inl.h)
const EIGENVALUES = [55.46, 4.794, 1.148];
const EIGENVECTORS = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
];

/** Adds light along the principal components of photographs. */
function relit(call: OperatorCall): Value {
  const x = imageOf(call);
  const alpha = call.attributes.floats("alpha") ?? [];
  if (alpha.length !== 3) {
    throw new ConversionError("attribute alpha has to be three numbers");
  }
  const light = constantOf(x.graph, {
    type: "float32",
    shape: [3],
    numbers: EIGENVECTORS.map((row) =>
      row.reduce((sum, n, i) => sum + n * EIGENVALUES[i]! * alpha[i]!, 0)
    ),
  });
  return storedAs(add(cast(x, "float32"), light), x.type, (lit) => lit);
}

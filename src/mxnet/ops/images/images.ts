import { ConversionError } from "../../conversion_error.ts";
import {
  cast,
  constantOf,
  div,
  mulScalar,
  slice,
  sub,
  transpose,
} from "../../emit/emit.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Preparation of images inside a graph. */
export const images: OperatorFamily = {
  title: "Images",
  operators: {
    _image_to_tensor: toTensor,
    _image_normalize: normalize,
    _image_crop: crop,
  },
};

/** [height, width, channels] of 0..255 as [channels, height, width] of 0..1. */
function toTensor(call: OperatorCall): Value {
  const data = input(call, 0);
  const order = data.rank === 3 ? [2, 0, 1] : [0, 3, 1, 2];
  if (data.rank !== order.length) {
    throw new ConversionError(
      `its input has rank ${data.rank}, 3 or 4 are right`,
    );
  }
  return mulScalar(transpose(cast(data, "float32"), order), 1 / 255);
}

/** (x − mean) ÷ std by channel, channels first. */
function normalize(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const channels = (name: string, missing: number) => {
    const numbers = attributes.floats(name) ?? [missing];
    const shape = [numbers.length, 1, 1];
    return constantOf(data.graph, { type: data.type, shape, numbers });
  };
  return div(sub(data, channels("mean", 0)), channels("std", 1));
}

/** A rectangle of [height, width, channels]. */
function crop(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = data.rank - 3;
  const side = (start: string, size: string, place: number) => {
    const begin = attributes.requiredInt(start);
    const end = begin + attributes.requiredInt(size);
    const extent = fixedDim(data.dims[place]!, "the height and width");
    if (begin < 0 || end > extent) {
      throw new ConversionError(`${begin} to ${end} leave ${extent}`);
    }
    return { axis: place, begin, end };
  };
  return slice(data, [side("y", "height", axis), side("x", "width", axis + 1)]);
}

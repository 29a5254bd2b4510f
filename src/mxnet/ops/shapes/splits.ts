import { ConversionError } from "../../conversion_error.ts";
import { split, squeeze } from "../../emit/emit.ts";
import { axisOf, fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall } from "../operator.ts";

/** Cuts an axis into equal parts. */
export function sliceChannel(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const data = input(call, 0);
  const count = attributes.requiredInt("num_outputs");
  const axis = axisOf(attributes.int("axis", 1), data.rank);
  const extent = fixedDim(data.dims[axis]!, "the extent that is split");
  if (count < 1 || extent % count !== 0) {
    throw new ConversionError(`${extent} cannot be split in ${count} parts`);
  }
  const parts = split(
    data,
    axis,
    new Array<number>(count).fill(extent / count),
  );
  return attributes.bool("squeeze_axis", false)
    ? parts.map((part) => squeeze(part, [axis]))
    : parts;
}

/** Cuts an axis at places. */
export function splitAt(call: OperatorCall): readonly Value[] {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", 0), data.rank);
  const extent = fixedDim(data.dims[axis]!, "the extent that is split");
  const sections = attributes.int("sections", 0);
  const starts = sections > 0
    ? sectionStarts(extent, sections)
    : attributes.ints("indices") ?? [];
  const sizes = starts.map((start, i) => (starts[i + 1] ?? extent) - start);
  if (starts[0] !== 0 || sizes.some((size) => size < 0)) {
    throw new ConversionError(
      `indices (${starts.join(", ")}) do not split ${extent}`,
    );
  }
  const parts = split(data, axis, sizes);
  return attributes.bool("squeeze_axis", false)
    ? parts.map((part) => squeeze(part, [axis]))
    : parts;
}

const MAX_SECTIONS = 100_000;

function sectionStarts(extent: number, sections: number): readonly number[] {
  if (sections > MAX_SECTIONS || extent % sections !== 0) {
    throw new ConversionError(`${extent} cannot be split in ${sections} parts`);
  }
  return Array.from({ length: sections }, (_, i) => i * extent / sections);
}

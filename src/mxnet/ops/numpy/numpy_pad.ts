import { ConversionError } from "../../conversion_error.ts";
import {
  concat,
  expand,
  gather,
  int64s,
  pad,
  reduce,
} from "../../emit/emit.ts";
import { fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall } from "../operator.ts";

const MODES = [
  "constant",
  "edge",
  "reflect",
  "symmetric",
  "maximum",
  "minimum",
] as const;

const MAX_BORDER = 1 << 20;

/** Borders of numpy mode: constant, or made from what they surround. */
export function numpyPad(call: OperatorCall): Value {
  const { attributes } = call;
  const x = input(call, 0);
  const widths = attributes.requiredPairs("pad_width");
  const mode = attributes.choice("mode", MODES, "constant");
  const isPossible = (width: number) => width >= 0 && width <= MAX_BORDER;
  if (widths.length !== x.rank || !widths.flat().every(isPossible)) {
    throw new ConversionError(
      `attribute pad_width has ${widths.length} pairs for rank ${x.rank}`,
    );
  }
  if (attributes.text("reflect_type", "even") !== "even") {
    throw new ConversionError("reflect_type odd is not supported");
  }
  switch (mode) {
    case "constant":
    case "edge":
      return pad(x, {
        before: widths.map(([before]) => before),
        after: widths.map(([, after]) => after),
        mode,
        fill: attributes.float("constant_value", 0),
      });
    case "reflect":
    case "symmetric":
      return eachAxis(
        x,
        widths,
        (value, axis, width) => mirrored(value, axis, { width, mode }),
      );
    default:
      return eachAxis(
        x,
        widths,
        (value, axis, width) => withExtreme(value, axis, { width, mode }),
      );
  }
}

type Width = readonly [before: number, after: number];

function eachAxis(
  x: Value,
  widths: readonly Width[],
  widen: (value: Value, axis: number, width: Width) => Value,
): Value {
  return widths.reduce(
    (value, width, axis) =>
      width[0] + width[1] === 0 ? value : widen(value, axis, width),
    x,
  );
}

/** Goes back and forth, with the outermost elements once or twice. */
function mirrored(
  x: Value,
  axis: number,
  { width: [before, after], mode }: {
    readonly width: Width;
    readonly mode: "reflect" | "symmetric";
  },
): Value {
  const extent = fixedDim(x.dims[axis]!, "an extent that gets a border");
  const period = mode === "symmetric"
    ? 2 * extent
    : Math.max(1, 2 * (extent - 1));
  const numbers = Array.from({ length: before + extent + after }, (_, i) => {
    const at = (((i - before) % period) + period) % period;
    return at < extent
      ? at
      : (mode === "symmetric" ? 2 * extent - 1 : period) - at;
  });
  return gather(x, axis, int64s(x.graph, numbers));
}

function withExtreme(
  x: Value,
  axis: number,
  { width: [before, after], mode }: {
    readonly width: Width;
    readonly mode: "maximum" | "minimum";
  },
): Value {
  const operator = mode === "maximum" ? "ReduceMax" : "ReduceMin";
  const extreme = reduce(operator, x, { axes: [axis], keep: true });
  const border = (width: number) =>
    width === 0 ? [] : [expand(extreme, extreme.dims.with(axis, width))];
  return concat([...border(before), x, ...border(after)], axis);
}

import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  compare,
  concat,
  constantOf,
  div,
  max,
  min,
  mul,
  mulScalar,
  pickIndex,
  reshape,
  scalar,
  sub,
  unary,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { type Dim, productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { cornersOf, FORMATS, halves, reformatted } from "./box_formats.ts";
import { boxNms } from "./box_nms.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** Boxes. */
export const boxes: OperatorFamily = {
  title: "Boxes",
  operators: {
    _contrib_box_nms: {
      convert: boxNms,
      aliases: ["_contrib_box_non_maximum_suppression"],
      outputs: ["output0", "output1"],
    },
    _contrib_box_iou: { convert: boxIou, inputs: ["lhs", "rhs"] },
    _contrib_box_decode: { convert: boxDecode, inputs: ["data", "anchors"] },
  },
};

/** Overlap of every left box with every right one. */
function boxIou(call: OperatorCall): Value {
  const format = call.attributes.choice("format", FORMATS, "corner");
  const [left, right] = [input(call, 0), input(call, 1)].map((value) =>
    cornersOf(reshape(value, [productOf(value.dims.slice(0, -1)), 4]), format)
  ) as [Value, Value];
  const [lowLeft, highLeft] = halves(unsqueeze(left, [1]));
  const [lowRight, highRight] = halves(unsqueeze(right, [0]));
  const area = (low: Value, high: Value) => {
    const sides = max(sub(high, low), scalar(low, 0));
    return mul(pickIndex(sides, 2, 0), pickIndex(sides, 2, 1));
  };
  const shared = area(max(lowLeft, lowRight), min(highLeft, highRight));
  const together = sub(
    add(area(lowLeft, highLeft), area(lowRight, highRight)),
    shared,
  );
  const none = compare("LessOrEqual", shared, scalar(shared, 0));
  const overlap = where(none, scalar(shared, 0), div(shared, together));
  const dims: readonly Dim[] = [
    ...input(call, 0).dims.slice(0, -1),
    ...input(call, 1).dims.slice(0, -1),
  ];
  return reshape(overlap, dims);
}

/** Corners from what was predicted of anchors. */
function boxDecode(call: OperatorCall): Value {
  const { attributes } = call;
  const [data, anchors] = [input(call, 0), input(call, 1)];
  if (data.rank !== 3) throw new ConversionError("it takes [batch, count, 4]");
  const format = attributes.choice("format", FORMATS, "center");
  const centers = format === "center"
    ? anchors
    : reformatted(anchors, "center");
  const [at, extent] = halves(centers);
  const stds = [0, 1, 2, 3].map((i) => attributes.float(`std${i}`, 1));
  const scale = constantOf(data.graph, {
    type: data.type,
    shape: [1, 1, 4],
    numbers: stds,
  });
  const [shift, growth] = halves(mul(data, scale));
  const limit = attributes.float("clip", -1);
  const limited = limit > 0 ? min(growth, scalar(growth, limit)) : growth;
  const half = mulScalar(mul(unary("Exp", limited), extent), 0.5);
  const center = add(mul(shift, extent), at);
  return concat([sub(center, half), add(center, half)], 2);
}

import { ConversionError } from "../../conversion_error.ts";
import { apply, constantOf, matmul, transpose } from "../../emit/emit.ts";
import type { Dim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { fixedSpatial, requireRank } from "../expect.ts";
import { input, type OperatorCall } from "../operator.ts";

/** Means over windows that cover the image evenly, overlapping as needed. */
export function adaptivePooling(call: OperatorCall): Value {
  const data = input(call, 0);
  requireRank(data, [4]);
  const stated = call.attributes.ints("output_size") ?? [];
  const [rows = 1, columns = rows] = stated.length > 2 ? [] : stated;
  const [batch, channels] = data.dims as readonly [Dim, Dim];
  if (rows === 1 && columns === 1) {
    return apply("GlobalAveragePool", [data], {
      dims: [batch, channels, 1, 1],
    });
  }
  const [height, width] = fixedSpatial(data) as readonly [number, number];
  const across = matmul(averaging(data, rows, height), data);
  return matmul(across, transpose(averaging(data, columns, width), [1, 0]));
}

const MAX_ELEMENTS = 1 << 22;

/** The matrix, [count, extent], whose rows average the windows of an axis. */
function averaging(x: Value, count: number, extent: number): Value {
  if (count < 1 || count * extent > MAX_ELEMENTS) {
    throw new ConversionError(`attribute output_size asks for ${count}`);
  }
  const numbers = Array.from({ length: count * extent }, (_, i) => {
    const row = Math.floor(i / extent);
    const start = Math.floor(row * extent / count);
    const end = Math.ceil((row + 1) * extent / count);
    const at = i % extent;
    return at >= start && at < end ? 1 / (end - start) : 0;
  });
  return constantOf(x.graph, { type: x.type, shape: [count, extent], numbers });
}

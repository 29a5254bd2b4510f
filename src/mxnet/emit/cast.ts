import { carrierOf, type ElementType } from "../element_type.ts";
import { onnxTypeOf } from "../element_type.ts";
import type { Value } from "../onnx/value.ts";

/**
 * Returns the value as another type. Fractions are cut off on the way to whole
 * numbers; half precision is float32 by another name.
 */
export function cast(x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  if (carrierOf(x.type) === carrierOf(type)) return x.graph.view(x, { type });
  return rawCast(x, carrierOf(type), type);
}

/** Returns the value in the very type `stored`, known as `type`. */
export function rawCast(
  x: Value,
  stored: ElementType,
  type: ElementType,
): Value {
  const [output] = x.graph.emit("Cast", [x], {
    outputs: [{
      type,
      dims: x.dims,
      ...(x.fill !== undefined && { fill: x.fill }),
    }],
    attributes: { to: { int: onnxTypeOf(stored) } },
  });
  return output!;
}

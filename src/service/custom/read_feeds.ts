import {
  DATA_TYPES,
  type DataType,
  elementCount,
  type Feeds,
  type Tensor,
} from "../../tensor/mod.ts";
import { isUnshared, refuse, requireList, requirePlain } from "./replies.ts";

/**
 * Reads tensors by name.
 *
 * @throws {MmsError} `prediction_failed` unless each has the elements that its
 * type and shape say
 */
export function readFeeds(value: unknown): Feeds {
  return Object.fromEntries(
    Object.entries(requirePlain(value, "feeds"))
      .map(([name, tensor]) => [name, readTensor(name, tensor)]),
  );
}

const ARRAYS: Readonly<Record<DataType, new (length: number) => object>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  string: Array,
};

function readTensor(name: string, value: unknown): Tensor {
  const what = `tensor "${name}"`;
  const { type, shape, data } = requirePlain(value, what);
  const known = DATA_TYPES.find((it) => it === type) ??
    refuse(`type of ${what}`, `one of ${DATA_TYPES.join(", ")}`);
  const extents = requireList(shape, `shape of ${what}`).map((extent) =>
    Number.isSafeInteger(extent) && Number(extent) >= 0
      ? Number(extent)
      : refuse(`shape of ${what}`, "of integers, 0 or more")
  );
  const isRight = data instanceof ARRAYS[known] &&
    (!ArrayBuffer.isView(data) || isUnshared(data));
  if (!isRight) {
    refuse(`data of ${what}`, `a ${ARRAYS[known].name}, not a shared one`);
  }
  const { length } = data as ArrayLike<unknown>; // It is one of the above.
  const expected = elementCount(extents);
  if (length !== expected) {
    const handedOver = length === 0
      ? ", an array that was handed over to run before has none left"
      : "";
    refuse(
      `data of ${what}`,
      `of ${expected} elements for shape [${extents}], it has ${length}${handedOver}`,
    );
  }
  const isText = known !== "string" ||
    (data as readonly unknown[]).every((it) => typeof it === "string");
  if (!isText) refuse(`data of ${what}`, "texts");
  return { type: known, shape: extents, data } as Tensor; // Checked above.
}

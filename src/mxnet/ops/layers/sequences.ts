import {
  addScalar,
  apply,
  cast,
  clipIndices,
  compare,
  gatherNd,
  pickIndex,
  rangeOf,
  scalar,
  slice,
  transpose,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { ConversionError } from "../../conversion_error.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

const INPUTS = ["data", "sequence_length"];

/** Sequences of different lengths in one batch. */
export const sequences: OperatorFamily = {
  title: "Sequences",
  operators: {
    SequenceMask: { convert: sequenceMask, inputs: INPUTS },
    SequenceLast: { convert: sequenceLast, inputs: INPUTS },
    SequenceReverse: { convert: sequenceReverse, inputs: INPUTS },
  },
};

interface Sequence {
  readonly data: Value;
  /** The axis of time, 0 or 1; the other one counts sequences. */
  readonly axis: number;
  /** Per sequence, int64; absent if all are as long as can be. */
  readonly lengths: Value | undefined;
}

function sequenceOf(call: OperatorCall): Sequence {
  const { attributes, inputs } = call;
  const data = input(call, 0);
  const axis = attributes.int("axis", 0);
  if (data.rank < 2 || (axis !== 0 && axis !== 1)) {
    throw new ConversionError("time has to be on axis 0 or 1 of two or more");
  }
  const used = attributes.bool("use_sequence_length", false);
  const stated = used ? inputs[1] : undefined;
  const lengths = stated === undefined ? undefined : cast(
    expectShape(stated, "sequence_length", [data.dims[1 - axis]!]),
    "int64",
  );
  return { data, axis, lengths };
}

function sequenceMask(call: OperatorCall): Value {
  const { data, axis, lengths } = sequenceOf(call);
  if (lengths === undefined) return data;
  const behind = data.dims.slice(2).map((_, i) => i + 2);
  const time = unsqueeze(rangeOf(data, axis), [1 - axis, ...behind]);
  const ends = unsqueeze(lengths, [axis, ...behind]);
  const fill = scalar(data, call.attributes.float("value", 0));
  return where(compare("Less", time, ends), data, fill);
}

function sequenceLast(call: OperatorCall): Value {
  const { data, axis, lengths } = sequenceOf(call);
  if (lengths === undefined) return pickIndex(data, axis, -1);
  const order = data.dims.map((_, i) => i);
  const bySequence = axis === 1
    ? data
    : transpose(data, [1, 0, ...order.slice(2)]);
  const last = clipIndices(addScalar(lengths, -1), bySequence.dims[1]!);
  return gatherNd(bySequence, unsqueeze(last, [1]), { depth: 1, batched: 1 });
}

function sequenceReverse(call: OperatorCall): Value {
  const { data, axis, lengths } = sequenceOf(call);
  if (lengths === undefined) return slice(data, [{ axis, step: -1 }]);
  return apply("ReverseSequence", [data], {
    dims: data.dims,
    also: [lengths],
    attributes: { time_axis: { int: axis }, batch_axis: { int: 1 - axis } },
  });
}

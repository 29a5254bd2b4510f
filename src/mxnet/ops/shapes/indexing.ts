import { ConversionError } from "../../conversion_error.ts";
import {
  apply,
  asIndices,
  cast,
  clipIndices,
  compare,
  constantOf,
  extentScalar,
  gather,
  gatherElements,
  gatherNd,
  moveAxis,
  squeeze,
  truth,
  unsqueeze,
  where,
} from "../../emit/emit.ts";
import { axisOf, fixedDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { PAIRWISE } from "../elementwise/pairwise.ts";
import { ravel, unravel } from "./places_in_row.ts";

/** Elements by index or by condition. */
export const indexing: OperatorFamily = {
  title: "Indexing",
  operators: {
    take: { convert: take, inputs: ["a", "indices"] },
    batch_take: { convert: batchTake, inputs: ["a", "indices"] },
    pick: {
      convert: pick,
      aliases: ["choose_element_0index"],
      inputs: ["data", "index"],
    },
    gather_nd: { convert: gatherTuples, inputs: ["data", "indices"] },
    scatter_nd: { convert: scatterTuples, inputs: ["data", "indices"] },
    one_hot: oneHot,
    where: { convert: choose, inputs: ["condition", "x", "y"] },
    _unravel_index: { convert: unravel, aliases: ["unravel_index"] },
    _ravel_multi_index: { convert: ravel, aliases: ["ravel_multi_index"] },
    _contrib_index_copy: {
      convert: indexCopy,
      inputs: ["old_tensor", "index_vector", "new_tensor"],
    },
  },
};

function take(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", 0), data.rank);
  const indices = asIndices(input(call, 1));
  const extent = data.dims[axis]!;
  const mode = attributes.choice("mode", ["clip", "wrap", "raise"], "clip");
  // MXNet's `raise` ends the program; here too a prediction ends in an error.
  if (mode === "raise") return gather(data, axis, indices);
  const safe = mode === "wrap"
    ? PAIRWISE.mod(indices, extentScalar(data, axis))
    : clipIndices(indices, extent);
  return gather(data, axis, safe);
}

function batchTake(call: OperatorCall): Value {
  const data = input(call, 0);
  const indices = clipIndices(asIndices(input(call, 1)), data.dims[1]!);
  return squeeze(gatherElements(data, 1, unsqueeze(indices, [1])), [1]);
}

function pick(call: OperatorCall): Value {
  const { attributes } = call;
  const data = input(call, 0);
  const axis = axisOf(attributes.int("axis", -1), data.rank);
  const indices = asIndices(input(call, 1));
  const mode = attributes.choice("mode", ["clip", "wrap"], "clip");
  const safe = mode === "wrap"
    ? PAIRWISE.mod(indices, extentScalar(data, axis))
    : clipIndices(indices, data.dims[axis]!);
  const spread = safe.rank === data.rank ? safe : unsqueeze(safe, [axis]);
  const picked = gatherElements(data, axis, spread);
  return attributes.bool("keepdims", false) ? picked : dropAxis(picked, axis);
}

function dropAxis(x: Value, axis: number): Value {
  return x.rank === 1 ? x : squeeze(x, [axis]);
}

/** Axis 0 of the indices is the tuple, in ONNX it is the last one. */
function gatherTuples(call: OperatorCall): Value {
  const data = input(call, 0);
  const indices = asIndices(input(call, 1));
  const depth = fixedDim(indices.dims[0]!, "the number of indexed axes");
  if (depth > data.rank) {
    throw new ConversionError(`${depth} indices address rank ${data.rank}`);
  }
  return gatherNd(data, moveAxis(indices, 0, indices.rank - 1), { depth });
}

function scatterTuples(call: OperatorCall): Value {
  const data = input(call, 0);
  const indices = asIndices(input(call, 1));
  const shape = call.attributes.requiredInts("shape");
  const zero = constantOf(data.graph, {
    type: data.type,
    shape: shape.map(() => 1),
    numbers: [0],
  });
  const blank = apply("Expand", [zero], {
    dims: shape,
    also: [constantOf(data.graph, {
      type: "int64",
      shape: [shape.length],
      numbers: shape,
    })],
  });
  return apply("ScatterND", [blank], {
    dims: shape,
    also: [moveAxis(indices, 0, indices.rank - 1), data],
  });
}

const MAX_CLASSES = 1 << 24;

/** Indices out of range give a row of `off_value`, unlike ONNX's OneHot. */
function oneHot(call: OperatorCall): Value {
  const { attributes, graph } = call;
  const indices = asIndices(input(call, 0));
  const depth = attributes.requiredInt("depth");
  if (depth < 1 || depth > MAX_CLASSES) {
    throw new ConversionError(`attribute depth is ${depth}`);
  }
  const type = attributes.type("dtype", "float32");
  const classes = constantOf(graph, {
    type: "int64",
    shape: [depth],
    numbers: Array.from({ length: depth }, (_, i) => i),
  });
  const hit = compare("Equal", unsqueeze(indices, [indices.rank]), classes);
  const number = (value: number) =>
    constantOf(graph, { type, shape: [], numbers: [value] });
  return where(
    hit,
    number(attributes.float("on_value", 1)),
    number(attributes.float("off_value", 0)),
  );
}

/** A condition of rank 1 chooses along axis 0. */
function choose(call: OperatorCall): Value {
  const [condition, a, b] = [input(call, 0), input(call, 1), input(call, 2)];
  const behind = condition.rank === 1
    ? a.dims.slice(1).map((_, i) => i + 1)
    : [];
  return where(unsqueeze(truth(condition), behind), a, b);
}

function indexCopy(call: OperatorCall): Value {
  const [old, rows, fresh] = [input(call, 0), input(call, 1), input(call, 2)];
  return apply("ScatterND", [old], {
    dims: old.dims,
    also: [unsqueeze(asIndices(rows), [1]), cast(fresh, old.type)],
  });
}

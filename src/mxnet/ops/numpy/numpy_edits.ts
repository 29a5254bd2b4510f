import { ConversionError } from "../../conversion_error.ts";
import {
  cast,
  computedType,
  concat,
  filled,
  reshape,
  scalar,
  slice,
  sub,
  where,
} from "../../emit/emit.ts";
import { axisOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";
import { deleted, inRow, inserted } from "./insertion.ts";
import { unforeseen } from "../shapes/selections.ts";

/** Arrays with elements more, fewer or others than before. */
export const numpyEdits: OperatorFamily = {
  title: "numpy mode: insertion and deletion",
  operators: {
    _npi_delete: deleted,
    _npi_insert_scalar: inserted,
    _npi_insert_slice: inserted,
    _npi_ediff1d: neighbours,
    _npi_boolean_mask_assign_scalar: (call) =>
      assigned(call, scalar(input(call, 0), call.attributes.float("value", 0))),
    _npi_boolean_mask_assign_tensor: assignedEverywhere,
    _npi_unique: unique,
  },
};

/** Differences of neighbours, with something in front and behind. */
function neighbours(call: OperatorCall): Value {
  const { attributes } = call;
  const x = inRow(input(call, 0));
  const arrays = call.inputs.slice(1);
  const side = (name: string) => {
    if (attributes.bool(`to_${name}_arr_given`, false)) {
      const array = arrays.shift();
      if (array !== undefined) return [inRow(cast(array, x.type))];
      throw new ConversionError(`the array to_${name} is missing`);
    }
    const number = attributes.optionalFloat(`to_${name}_scalar`);
    if (number === undefined) return [];
    return [filled(x.graph, { type: x.type, dims: [1], number })];
  };
  const steps = sub(
    slice(x, [{ axis: 0, begin: 1 }]),
    slice(x, [{ axis: 0, begin: 0, end: -1 }]),
  );
  const front = side("begin");
  return concat([...front, steps, ...side("end")], 0);
}

/** Another value where a mask, which may have fewer axes, is true. */
function assigned(call: OperatorCall, value: Value): Value {
  const [x, mask] = [input(call, 0), input(call, 1)];
  const start = call.attributes.int("start_axis", 0);
  const behind = x.rank - start - mask.rank;
  if (start < 0 || behind < 0) {
    throw new ConversionError(`attribute start_axis is ${start}`);
  }
  const ones = (count: number) => new Array<number>(count).fill(1);
  const fitting = reshape(mask, [
    ...ones(start),
    ...mask.dims,
    ...ones(behind),
  ]);
  return where(fitting, cast(value, x.type), x);
}

function assignedEverywhere(call: OperatorCall): Value {
  const value = input(call, 2);
  if (value.dims.every((dim) => dim === 1)) {
    return assigned(call, reshape(value, []));
  }
  throw new ConversionError(
    "it assigns different values where a mask is true, one value is supported",
  );
}

/** Sorted elements without repetitions, and what is asked for about them. */
function unique(call: OperatorCall): readonly Value[] {
  const { attributes, graph } = call;
  const data = input(call, 0);
  const stated = attributes.optionalInt("axis");
  const x = stated === undefined ? inRow(data) : data;
  const axis = axisOf(stated ?? 0, x.rank);
  const type = computedType("Unique", x.type);
  const count = unforeseen(graph.nodes.length);
  const places = { type: "int64", dims: [count] } as const;
  const inverse = { type: "int64", dims: [x.dims[axis]!] } as const;
  const [values, ...facts] = graph.emit("Unique", [cast(x, type)], {
    outputs: [
      { type, dims: x.dims.with(axis, count) },
      places,
      inverse,
      places,
    ],
    attributes: { axis: { int: axis }, sorted: { int: 1 } },
  });
  const wanted = ["index", "inverse", "counts"];
  return [
    cast(values!, x.type),
    ...facts.filter((_, i) => attributes.bool(`return_${wanted[i]!}`, false)),
  ];
}

import { ConversionError } from "../../conversion_error.ts";
import { gather, reshape, transpose, truth } from "../../emit/emit.ts";
import { type Dim, dimOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape } from "../expect.ts";
import { input, type OperatorCall, type OperatorFamily } from "../operator.ts";

/** What the elements themselves decide: how many there are of a result. */
export const selections: OperatorFamily = {
  title: "Selection",
  operators: {
    _contrib_boolean_mask: {
      convert: booleanMask,
      aliases: ["_npi_boolean_mask"],
      inputs: ["data", "index"],
    },
    _npx_nonzero: {
      convert: (call) => transpose(placesOf(call, input(call, 0)), [1, 0]),
      aliases: ["_npi_nonzero"],
    },
  },
};

/** The rows where the index is not 0. */
function booleanMask(call: OperatorCall): Value {
  const data = input(call, 0);
  const axis = call.attributes.int("axis", 0);
  if (axis !== 0) {
    throw new ConversionError(`attribute axis is ${axis}, it has to be 0`);
  }
  const index = expectShape(input(call, 1), "index", [data.dims[0]]);
  const places = placesOf(call, index);
  return gather(data, 0, reshape(places, places.dims.slice(1)));
}

/** Returns where a value is not 0, [rank, count], int64. */
function placesOf({ graph }: OperatorCall, x: Value): Value {
  const [places] = graph.emit("NonZero", [truth(x)], {
    outputs: [{
      type: "int64",
      dims: [x.rank, unforeseen(graph.nodes.length)],
    }],
  });
  return places!;
}

const IMAGINED = [1009, 1301, 1511, 1847];

/** Returns an extent of its own, which no other one has anything to do with. */
export function unforeseen(key: number): Dim {
  return dimOf(IMAGINED.map((count, run) => count + key * (run + 1)));
}

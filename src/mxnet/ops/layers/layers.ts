import { ConversionError } from "../../conversion_error.ts";
import {
  add,
  apply,
  asIndices,
  cast,
  clipIndices,
  concat,
  flatten,
  gather,
  matmul,
  reshape,
  transpose,
  unsqueeze,
} from "../../emit/emit.ts";
import { productOf } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import { expectShape, expectVector } from "../expect.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  passThrough,
} from "../operator.ts";

/** Layers with weights, and those that only training notices. */
export const layers: OperatorFamily = {
  title: "Layers",
  operators: {
    FullyConnected: {
      convert: fullyConnected,
      inputs: ["data", "weight", "bias"],
    },
    Embedding: {
      convert: embedding,
      aliases: ["_contrib_SparseEmbedding"],
      inputs: ["data", "weight"],
    },
    Dropout: { convert: dropout, outputs: ["output", "mask"] },
    Flatten: { convert: flattened, aliases: ["flatten"] },
    Concat: { convert: joined, aliases: ["concat", "_rnn_param_concat"] },
    BlockGrad: { convert: passThrough, aliases: ["stop_gradient"] },
    _copy: {
      convert: passThrough,
      aliases: ["identity", "_copyto", "_npi_copyto"],
    },
    _identity_with_attr_like_rhs: { convert: passThrough, labels: [1] },
    IdentityAttachKLSparseReg: passThrough,
    _CrossDeviceCopy: passThrough,
    _contrib_gradientmultiplier: passThrough,
  },
};

function fullyConnected(call: OperatorCall): Value {
  const { attributes, inputs } = call;
  const hidden = attributes.requiredInt("num_hidden");
  const weight = input(call, 1);
  const data = input(call, 0);
  if (weight.determined && !data.determined) {
    expectShape(data, "data", [undefined, weight.dims[1]]);
  }
  const flat = attributes.bool("flatten", true);
  const wide = flat ? productOf(data.dims.slice(1)) : data.dims.at(-1)!;
  const matrix = cast(expectShape(weight, "weight", [hidden, wide]), data.type);
  const bias = attributes.bool("no_bias", false) || inputs[2] === undefined
    ? undefined
    : cast(expectVector(inputs[2], "bias", hidden), data.type);
  if (flat || data.rank === 2) {
    const rows = flatten(data, 1);
    return apply("Gemm", [rows, matrix, bias], {
      dims: [rows.dims[0]!, hidden],
      attributes: { transB: { int: 1 } },
    });
  }
  const rows = data.rank === 1 ? unsqueeze(data, [0]) : data;
  const product = matmul(rows, transpose(matrix, [1, 0]));
  const sum = bias === undefined ? product : add(product, bias);
  return data.rank === 1 ? reshape(sum, [hidden]) : sum;
}

function embedding(call: OperatorCall): Value {
  const rows = call.attributes.requiredInt("input_dim");
  const width = call.attributes.requiredInt("output_dim");
  const weight = expectShape(input(call, 1), "weight", [rows, width]);
  return gather(weight, 0, clipIndices(asIndices(input(call, 0)), rows));
}

function dropout(call: OperatorCall): Value {
  if (
    call.attributes.choice("mode", ["training", "always"], "training") ===
      "always"
  ) {
    call.graph.warn(
      `dropout "${call.name}" is random even at inference in MXNet, here it does nothing`,
    );
  }
  return passThrough(call);
}

function flattened(call: OperatorCall): Value {
  const data = input(call, 0);
  if (data.rank < 1) throw new ConversionError("its input is a single number");
  return flatten(data, 1);
}

function joined(call: OperatorCall): Value {
  const { attributes, inputs } = call;
  return concat(
    inputs,
    attributes.optionalInt("dim") ?? attributes.int("axis", 1),
  );
}

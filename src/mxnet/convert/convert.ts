import type { ByteSink } from "../byte_source.ts";
import { messageOf } from "../../errors.ts";
import type { DataType } from "../../tensor/mod.ts";
import { invalidModel, listed, quoted } from "../conversion_error.ts";
import { ExtentFacts } from "../onnx/extent_facts.ts";
import type { OnnxModel, OnnxValueInfo } from "../onnx/model.ts";
import { ONNX_OPSET, writeOnnx } from "../onnx/onnx_writer.ts";
import { readParams } from "../params/params.ts";
import { parseSymbol } from "../symbol/parse_symbol.ts";
import { assemble } from "./assemble.ts";
import { type Bindings, bindVariables } from "./bind.ts";
import type {
  Checkpoint,
  ConvertedBatch,
  ConvertedGraph,
  ConvertedValue,
} from "./checkpoint.ts";
import { namedOutputs } from "./outputs.ts";
import { type Attempt, declaredBatch } from "./runs.ts";
import { requireSupported, type Scope } from "./scope.ts";
import { inferenceScope, variableFacts } from "./variable_facts.ts";
import { type Walk, walk } from "./walk.ts";

/**
 * Converts a checkpoint of MXNet 0.8 to 2.0 to an ONNX graph and writes it.
 *
 * The batch stays free where the graph allows it. Labels and heads that only
 * training has are gone; recurrent states that are not inputs are zeros.
 *
 * @throws {MmsError} `invalid_model` naming the node, the parameter or the
 * file's offset that stands against it; `io_failed` from source and sink
 */
export async function convertCheckpoint(
  checkpoint: Checkpoint,
  sink: ByteSink,
): Promise<ConvertedGraph> {
  const symbol = parseSymbol(checkpoint.symbol);
  const params = await readParams(checkpoint.params, checkpoint.paramsName);
  const { scope, dropped } = inferenceScope(symbol, params, checkpoint.inputs);
  requireSupported(scope);
  const facts = variableFacts(scope);
  const bindings = bindVariables(facts, params, checkpoint.inputs);
  const inline = checkpoint.weights === "inline";
  const location = inline ? undefined : checkpoint.paramsName;
  const { walked, batch } = convertScope(scope, bindings, location);
  const model = assemble(walked, {
    inputs: bindings.inputs,
    outputs: namedOutputs(scope, walked),
    mxnetVersion: symbol.version,
  });
  await writeOnnx(model, sink);
  return {
    ...valuesOf(model),
    batch,
    warnings: [...dropped, ...bindings.warnings, ...walked.graph.warnings],
    opset: ONNX_OPSET,
    mxnetVersion: symbol.version,
    external: model.initializers.some(({ content }) => "location" in content),
  };
}

/** Tries with a free batch first, then with the declared one. */
function convertScope(
  scope: Scope,
  bindings: Bindings,
  location: string | undefined,
): { readonly walked: Walk; readonly batch: ConvertedBatch } {
  const { size, conflict } = declaredBatch(bindings.inputs);
  const attempts: readonly Attempt[] = [
    { free: true, batch: size, rounded: false },
    { free: true, batch: size, rounded: true },
    { free: false, batch: size || 1, rounded: false },
    { free: false, batch: size || 1, rounded: true },
  ];
  const failures: Error[] = [];
  for (const attempt of attempts) {
    if (attempt.free && conflict) continue;
    try {
      const request = { scope, bindings, attempt, location };
      const walked = walk(request, new ExtentFacts());
      if (attempt.free) return { walked, batch: "free" };
      const reason = failures[0] === undefined
        ? "the inputs differ on axis 0"
        : messageOf(failures[0]);
      return { walked, batch: { fixed: attempt.batch, reason } };
    } catch (error) {
      if (!(error instanceof Error && error.name === "MmsError")) throw error;
      failures.push(error);
    }
  }
  throw withoutShapes(failures.at(-1)!, bindings);
}

/** Where inputs have no shape, that is most likely what is wrong. */
function withoutShapes(failure: Error, { inputs }: Bindings): Error {
  const open = inputs.filter(({ shape }) => shape === undefined);
  if (open.length === 0) return failure;
  const names = listed(open.map(({ name }) => quoted(name)));
  return invalidModel(
    `${
      messageOf(failure)
    }; no shape is stated for ${names}, a signature.json beside the checkpoint would state it`,
    { cause: failure },
  );
}

function valuesOf(
  model: OnnxModel,
): Pick<ConvertedGraph, "inputs" | "outputs"> {
  const value = (info: OnnxValueInfo): ConvertedValue => {
    if (info.type !== "bfloat16") {
      return { ...info, type: info.type as DataType };
    }
    throw invalidModel(`Cannot convert ${quoted(info.name)}: it is bfloat16`);
  };
  return { inputs: model.inputs.map(value), outputs: model.outputs.map(value) };
}

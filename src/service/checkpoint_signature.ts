import type { Signature } from "../archive/mod.ts";
import type {
  CheckpointInput,
  ConvertedGraph,
  Session,
} from "../engine/mod.ts";
import { logger } from "../log.ts";
import { knowsNames, matchNames, names } from "./match_names.ts";

/** Returns the inputs of a signature as the conversion takes them. */
export function checkpointInputs(
  { inputs }: Signature,
): readonly CheckpointInput[] {
  return inputs.map(({ name, shape, dataType }) => ({
    name,
    shape,
    ...dataType && { dataType },
  }));
}

/** One input or output in `signature.json`. */
interface Raw {
  readonly data_name: string;
}

/**
 * Returns what of a signature counts for a converted checkpoint, as the
 * original took it: labels are no inputs of inference, and outputs that the
 * graph does not have never mattered.
 */
export function checkpointSignature(
  signature: Signature,
  graph: Pick<Session, "inputs" | "outputs">,
): Signature {
  return {
    ...signature,
    inputs: withoutLabels(signature.inputs, graph),
    outputs: thoseThere(signature.outputs, graph),
  };
}

/**
 * Returns what `signature.json` is to hold beside a converted graph: outputs by
 * the graph's names, no labels, and otherwise what it held.
 *
 * @param content of the checkpoint's `signature.json`, which `signature` was
 * read from
 */
export function convertedSignature(
  content: object,
  signature: Signature,
  graph: Pick<ConvertedGraph, "inputs" | "outputs">,
): object {
  const { inputs, outputs } = checkpointSignature(signature, graph);
  const kept = new Set(inputs.map(({ name }) => name));
  const raw = content as { readonly inputs: readonly Raw[] } & { // checked
    readonly outputs?: readonly Raw[];
  };
  const named = outputs.length > 0
    ? matchNames("outputs", outputs, graph.outputs).map(({ name }, i) => ({
      ...raw.outputs?.[i],
      data_name: name,
    }))
    : graph.outputs.map(({ name, shape }) => ({
      data_name: name,
      data_shape: shape.map((it) => typeof it === "number" ? it : 0),
    }));
  return {
    ...content,
    inputs: raw.inputs.filter(({ data_name }) => kept.has(data_name)),
    ...signature.outputs.length > 0 && { outputs: named },
  };
}

function withoutLabels(
  inputs: Signature["inputs"],
  graph: Pick<Session, "inputs">,
): Signature["inputs"] {
  const ofGraph = new Set(graph.inputs.map(({ name }) => name));
  const known = inputs.filter(({ name }) => ofGraph.has(name));
  return known.length === ofGraph.size ? known : inputs;
}

function thoseThere(
  outputs: Signature["outputs"],
  graph: Pick<Session, "outputs">,
): Signature["outputs"] {
  const fits = outputs.length === graph.outputs.length ||
    knowsNames(outputs, graph.outputs);
  if (fits) return outputs;
  logger("service").warn(
    `The signature's outputs ${
      names(outputs)
    } are not the graph's, which are answered: ${names(graph.outputs)}`,
  );
  return [];
}

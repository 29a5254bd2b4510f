import type { Signature } from "../archive/mod.ts";
import type { Session } from "../engine/mod.ts";
import { logger } from "../log.ts";
import { knowsNames, names } from "./match_names.ts";

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

import type { ElementType } from "../element_type.ts";
import { dimKey, type Dims, isFree, isUnknown } from "../onnx/dims.ts";
import type { OnnxModel, OnnxNode, OnnxValueInfo } from "../onnx/model.ts";
import type { InputFacts } from "./bind.ts";
import type { NamedOutput } from "./outputs.ts";
import type { Walk } from "./walk.ts";

/** The name of the batch among free extents. */
export const BATCH = "N";

/** What goes into a model besides its nodes. */
export interface Frame {
  readonly inputs: readonly InputFacts[];
  readonly outputs: readonly NamedOutput[];
  readonly mxnetVersion: number;
}

/** Returns the model without nodes and tensors that no output needs. */
export function assemble({ graph }: Walk, frame: Frame): OnnxModel {
  const nodes = withOutputNames(graph.nodes, frame.outputs);
  const live = liveNodes(nodes, frame.outputs);
  const used = new Set(live.flatMap(({ inputs }) => inputs));
  for (const { name } of frame.outputs) used.add(name);
  const inputs = frame.inputs.map(({ name }) => graph.sources.get(name)!);
  const names = freeNames(inputs);
  return {
    name: "graph",
    nodes: live,
    initializers: [...graph.tensors.values()].filter(({ name }) =>
      used.has(name)
    ),
    inputs: inputs.map((value) => valueInfo(value, value.dims, names)),
    outputs: frame.outputs.map(({ name, type, value }) =>
      valueInfo({ name, type }, value.dims, names)
    ),
    metadata: { mxnet_version: String(frame.mxnetVersion) },
  };
}

/** Gives outputs their names, through a copy where the value has one already. */
function withOutputNames(
  nodes: readonly OnnxNode[],
  outputs: readonly NamedOutput[],
): readonly OnnxNode[] {
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const renamed = new Map<string, string>();
  const copies: OnnxNode[] = [];
  for (const { name, value } of outputs) {
    if (value.name === name) continue;
    if (made.has(value.name) && !renamed.has(value.name)) {
      renamed.set(value.name, name);
    } else {
      const source = renamed.get(value.name) ?? value.name;
      copies.push(copyNode(source, name));
    }
  }
  const rename = (name: string) => renamed.get(name) ?? name;
  const all = nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  return [...all, ...copies];
}

function copyNode(source: string, name: string): OnnxNode {
  return {
    operator: "Identity",
    name: `${name}/Identity`,
    inputs: [source],
    outputs: [name],
    attributes: {},
  };
}

function liveNodes(
  nodes: readonly OnnxNode[],
  outputs: readonly NamedOutput[],
): readonly OnnxNode[] {
  const needed = new Set(outputs.map(({ name }) => name));
  const live: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    live.push(node);
  }
  return live.reverse();
}

/** Names free extents after the input that has them: `N`, `data_2`. */
function freeNames(
  inputs: readonly { readonly name: string; readonly dims: Dims }[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, dims } of inputs) {
    for (const [axis, dim] of dims.entries()) {
      if (!isFree(dim) || names.has(dimKey(dim))) continue;
      names.set(dimKey(dim), axis === 0 ? BATCH : `${name}_${axis}`);
    }
  }
  return names;
}

function valueInfo(
  { name, type }: { readonly name: string; readonly type: ElementType },
  dims: Dims,
  names: ReadonlyMap<string, string>,
): OnnxValueInfo {
  const shape = dims.map((dim, axis) =>
    isFree(dim) || isUnknown(dim)
      ? names.get(dimKey(dim)) ?? `${name}_${axis}`
      : dim
  );
  return { name, type, shape };
}

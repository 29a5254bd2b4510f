import type {
  Preprocess,
  Signature,
  SignatureInput,
  SignatureType,
} from "../archive/mod.ts";
import type { GraphValue, Session } from "../engine/mod.ts";
import { MmsError } from "../errors.ts";
import type { DataType } from "../tensor/mod.ts";
import { matchNames, names } from "./match_names.ts";

/** One input of a graph, and the field of a request that fills it. */
export interface BoundInput {
  /** The field's name: the signature's name for the input. */
  readonly field: string;
  /** The graph's name for the input. */
  readonly name: string;
  /** The element type that the graph takes. */
  readonly type: DataType;
  /** The extents that a request may have; 0 is any, axis 0 is the batch. */
  readonly shape: readonly number[];
  /** How pixels become elements; `undefined`: as the original did. */
  readonly preprocess: Preprocess | undefined;
}

/** One output of a graph that is answered with. */
export interface BoundOutput {
  /** The graph's name for the output. */
  readonly name: string;
  /** Whether these are logits to be turned into probabilities. */
  readonly softmax: boolean;
}

/** A signature tied to the graph that it describes. */
export interface Binding {
  /** In the order of the signature. */
  readonly inputs: readonly BoundInput[];
  /** In the order of the signature, or else of the graph. */
  readonly outputs: readonly BoundOutput[];
  /** What callers send. */
  readonly inputType: SignatureType;
  /** What callers get. */
  readonly outputType: SignatureType;
  /**
   * Whether the graph has one name for the batch axis of everything that it
   * takes and gives, so that all inputs of a request have as many rows.
   */
  readonly sharesRows: boolean;
  /** How many classes the image service answers with. */
  readonly top: number;
}

const DEFAULT_TOP = 5;

/**
 * Ties a signature to a graph: by name, else by order where the counts agree.
 * Without a signature the graph's own inputs and outputs are taken.
 *
 * @throws {MmsError} `invalid_model` if the two do not fit
 */
export function bindSignature(
  signature: Signature | undefined,
  graph: Pick<Session, "inputs" | "outputs">,
): Binding {
  const bound = signature === undefined
    ? graph.inputs.map(freeInput)
    : bindInputs(signature.inputs, graph.inputs);
  const inputs = maxRows(graph) === 1 ? bound : bound.map(freeBatch);
  return {
    inputs,
    outputs: bindOutputs(signature?.outputs ?? [], graph.outputs),
    inputType: signature?.inputType ?? guessInputType(inputs),
    outputType: signature?.outputType ?? "application/json",
    sharesRows: sharesRows(graph),
    top: signature?.top ?? DEFAULT_TOP,
  };
}

/**
 * Returns how many rows a graph takes in one run: `Infinity` where the batch
 * axis of every input and output is free, its extent where all share a fixed
 * one, else 1, which means that requests run one by one.
 */
export function maxRows(graph: Pick<Session, "inputs" | "outputs">): number {
  const values = [...graph.inputs, ...graph.outputs];
  const extents = new Set(values.map(({ shape }) => shape[0]));
  const [first] = extents;
  if (values.every(({ shape }) => typeof shape[0] === "string")) {
    return Infinity;
  }
  const isBatch = extents.size === 1 && typeof first === "number" &&
    graph.inputs.every(({ shape }) => shape.length > 1);
  return isBatch ? first : 1;
}

function sharesRows(graph: Pick<Session, "inputs" | "outputs">): boolean {
  const values = [...graph.inputs, ...graph.outputs];
  const [axis, ...others] = new Set(values.map(({ shape }) => shape[0]));
  return typeof axis === "string" && others.length === 0;
}

function freeBatch(input: BoundInput): BoundInput {
  return { ...input, shape: [0, ...input.shape.slice(1)] };
}

function freeInput(value: GraphValue): BoundInput {
  return {
    field: value.name,
    name: value.name,
    type: value.type,
    shape: value.shape.map(extentOf),
    preprocess: undefined,
  };
}

function extentOf(extent: number | string): number {
  return typeof extent === "number" ? extent : 0;
}

/** One input of rank 4 with 1 or 3 channels is an image, anything else JSON. */
function guessInputType(inputs: readonly BoundInput[]): SignatureType {
  const [input] = inputs;
  const channels = input?.preprocess?.layout === "NHWC"
    ? input.shape[3]
    : input?.shape[1];
  const isImage = inputs.length === 1 && input!.shape.length === 4 &&
    (channels === 1 || channels === 3);
  return isImage ? "image/jpeg" : "application/json";
}

function bindInputs(
  signed: readonly SignatureInput[],
  values: readonly GraphValue[],
): readonly BoundInput[] {
  const order = matchNames("inputs", signed, values);
  if (signed.length !== values.length) {
    throw new MmsError(
      "invalid_model",
      `Cannot bind signature to graph: the signature has ${signed.length} inputs (${
        names(signed)
      }), the graph ${values.length} (${names(values)})`,
    );
  }
  return signed.map((input, i) => bindInput(input, order[i]!));
}

function bindInput(input: SignatureInput, value: GraphValue): BoundInput {
  const { shape } = input;
  const fits = shape.length === value.shape.length &&
    shape.every((extent, axis) => {
      const own = extentOf(value.shape[axis]!);
      return axis === 0 || extent === 0 || own === 0 || extent === own;
    });
  if (!fits) {
    throw new MmsError(
      "invalid_model",
      `Cannot bind input "${input.name}" to the graph's "${value.name}": its signature says [${shape}], the graph [${value.shape}]`,
    );
  }
  return {
    field: input.name,
    name: value.name,
    type: value.type,
    shape: shape.map((extent, axis) =>
      axis === 0 ? extentOf(value.shape[0]!) : extent ||
        extentOf(value.shape[axis]!)
    ),
    preprocess: input.preprocess,
  };
}

function bindOutputs(
  signed: Signature["outputs"],
  values: readonly GraphValue[],
): readonly BoundOutput[] {
  if (signed.length === 0) {
    return values.map(({ name }) => ({ name, softmax: false }));
  }
  const order = matchNames("outputs", signed, values);
  return signed.map(({ softmax }, i) => ({ name: order[i]!.name, softmax }));
}

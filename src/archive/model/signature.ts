import { DATA_TYPES, type DataType } from "../../tensor/mod.ts";
import {
  choice,
  flag,
  integer,
  isPresent,
  type JsonField,
  list,
  member,
  optional,
  record,
  reject,
  text,
} from "./json_field.ts";
import { parsePreprocess, type Preprocess } from "./preprocess.ts";

/** The two content types that a signature can name. */
export type SignatureType = "image/jpeg" | "application/json";

const TYPES: readonly SignatureType[] = ["image/jpeg", "application/json"];

/** How many classes the image service answers with unless it is told. */
const DEFAULT_TOP = 5;

/** The rank of the largest tensors that ONNX Runtime works on is far below. */
const MAX_RANK = 32;

/** One named input of a model. */
export interface SignatureInput {
  /** `data_name`: the graph's name for it, or one to bind by order. */
  readonly name: string;
  /** Extents as written: 0 means any, axis 0 is the batch. */
  readonly shape: readonly number[];
  /** `undefined`: the graph's own type. */
  readonly dataType: DataType | undefined;
  /** `undefined`: as the original's image service does. */
  readonly preprocess: Preprocess | undefined;
}

/** One named output of a model. */
export interface SignatureOutput {
  /** `data_name`: the graph's name for it, or one to bind by order. */
  readonly name: string;
  /** Extents as written; `undefined` where the signature leaves them out. */
  readonly shape: readonly number[] | undefined;
  /** Whether the service turns these logits into probabilities. */
  readonly softmax: boolean;
}

/** `signature.json`: what a model takes and gives. */
export interface Signature {
  /** One or more, in the order in which callers give them. */
  readonly inputs: readonly SignatureInput[];
  /** What all inputs are sent as; `undefined` where the signature is silent. */
  readonly inputType: SignatureType | undefined;
  /** Empty where the signature names no outputs: then all of the graph's. */
  readonly outputs: readonly SignatureOutput[];
  /** What is answered; `undefined` where the signature is silent. */
  readonly outputType: SignatureType | undefined;
  /** How many classes the image service answers with, 1 or more. */
  readonly top: number;
}

/**
 * Checks the content of `signature.json`. Only `inputs` is required; unknown
 * keys are left alone.
 *
 * @throws {MmsError} `invalid_archive` if a field is missing or has the wrong
 * kind, or two inputs or outputs share a name
 */
export function parseSignature(root: JsonField): Signature {
  const signature = record(root);
  const inputs = list(member(signature, "inputs"));
  if (inputs.length === 0) reject(member(signature, "inputs"), "one or more");
  const outputs = optional(member(signature, "outputs"), list) ?? [];
  requireDistinctNames(inputs);
  requireDistinctNames(outputs);
  return {
    inputs: inputs.map(parseInput),
    inputType: optional(member(signature, "input_type"), readType),
    outputs: outputs.map(parseOutput),
    outputType: optional(member(signature, "output_type"), readType),
    top: optional(member(signature, "top"), (it) => integer(it, 1)) ??
      DEFAULT_TOP,
  };
}

/**
 * Returns what the callers of a model send whose signature does not say so:
 * an image if there is one input of rank 4 with 1 or 3 channels.
 */
export function impliedInputType(
  inputs: readonly Pick<SignatureInput, "shape" | "preprocess">[],
): SignatureType {
  const [input] = inputs;
  if (inputs.length !== 1 || input?.shape.length !== 4) {
    return "application/json";
  }
  const channels = input.shape[input.preprocess?.layout === "NHWC" ? 3 : 1];
  return channels === 1 || channels === 3 ? "image/jpeg" : "application/json";
}

function parseInput(field: JsonField): SignatureInput {
  const input = record(field);
  return {
    name: text(member(input, "data_name")),
    shape: readShape(shapeOf(input)),
    dataType: optional(
      member(input, "data_type"),
      (it) => choice(it, DATA_TYPES),
    ),
    preprocess: optional(member(input, "preprocess"), parsePreprocess),
  };
}

function parseOutput(field: JsonField): SignatureOutput {
  const output = record(field);
  return {
    name: text(member(output, "data_name")),
    shape: optional(shapeOf(output), readShape),
    softmax: optional(member(output, "softmax"), flag) ?? false,
  };
}

/** `shape` is what some archives of the original call `data_shape`. */
function shapeOf(field: JsonField): JsonField {
  const shape = member(field, "data_shape");
  const alias = member(field, "shape");
  return isPresent(shape) || !isPresent(alias) ? shape : alias;
}

function readShape(field: JsonField): readonly number[] {
  const extents = list(field);
  if (extents.length > MAX_RANK) reject(field, `${MAX_RANK} extents or fewer`);
  return extents.map((it) => integer(it, 0));
}

function readType(field: JsonField): SignatureType {
  return choice(field, TYPES);
}

function requireDistinctNames(fields: readonly JsonField[]): void {
  const names = new Set<unknown>();
  for (const field of fields) {
    const name = member(field, "data_name");
    if (names.has(name.value)) reject(name, "a name of its own");
    names.add(name.value);
  }
}

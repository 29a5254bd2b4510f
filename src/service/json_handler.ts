import { messageOf, MmsError } from "../errors.ts";
import type { Feeds, Tensor } from "../tensor/mod.ts";
import type { Binding, BoundInput } from "./binding.ts";
import { outputsToJson, tensorFromJson } from "./json_values.ts";
import {
  type Field,
  type Handler,
  type Inputs,
  jsonTextPrediction,
  type Prediction,
} from "./service.ts";

/** Where the original looks for an input that is not sent by its own name. */
const FALLBACK_FIELDS = ["body", "data"] as const;

/**
 * The built-in JSON service, the original's base service: nested arrays in,
 * one nested array for each output back, batch axes kept.
 *
 * An input is the field of its name, or a key of the JSON object in `body` or
 * `data`; the only input of a model may be the whole of `body` or `data`.
 */
export class JsonHandler implements Handler {
  readonly #binding: Binding;

  /** Answers with the outputs of the binding, in its order. */
  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** Finds and checks every input. */
  preprocess(inputs: Inputs): Feeds {
    const values = this.#values(inputs);
    const feeds = Object.fromEntries(
      this.#binding.inputs.map((input) => [input.name, feed(input, values)]),
    );
    if (this.#binding.sharesRows) requireSameRows(this.#binding.inputs, feeds);
    return feeds;
  }

  /** Answers with every output. */
  postprocess(outputs: Feeds): Prediction {
    const tensors = this.#binding.outputs.map(({ name }) => outputs[name]!);
    return jsonTextPrediction(outputsToJson(tensors));
  }

  /** The JSON value for each input, by field name. */
  #values(inputs: Inputs): ReadonlyMap<string, unknown> {
    const known = new Set(this.#binding.inputs.map(({ field }) => field));
    const values = new Map<string, unknown>();
    const parse = (name: string, field: Field) =>
      parseField(name, field, known);
    for (const [name, field] of inputs.fields) {
      if (known.has(name)) values.set(name, parse(name, field));
    }
    if (values.size > 0) return values;
    const name = FALLBACK_FIELDS.find((name) => inputs.fields.has(name));
    if (name === undefined) throw this.#noInput([...inputs.fields.keys()]);
    return this.#open(parse(name, inputs.fields.get(name)!), known);
  }

  /** Takes apart a JSON value that holds all inputs. */
  #open(
    value: unknown,
    known: ReadonlySet<string>,
  ): ReadonlyMap<string, unknown> {
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    if (isObject) {
      const keys = Object.keys(value);
      if (keys.every((key) => known.has(key))) {
        return new Map(Object.entries(value));
      }
      const only = this.#onlyInput();
      if (only !== undefined && keys.length === 1 && keys[0] === "data") {
        return new Map([[only, Object.values(value)[0]]]);
      }
      throw this.#noInput(keys);
    }
    const only = this.#onlyInput();
    if (only !== undefined) return new Map([[only, value]]);
    throw new MmsError(
      "bad_request",
      `Cannot read inputs: the body is ${
        kindOf(value)
      }, it should be an object with the keys ${quoted(known)}`,
    );
  }

  #onlyInput(): string | undefined {
    const { inputs } = this.#binding;
    return inputs.length === 1 ? inputs[0]!.field : undefined;
  }

  #noInput(sent: readonly string[]): MmsError {
    const known = this.#binding.inputs.map(({ field }) => field);
    const unknown = sent.filter((name) => !known.includes(name));
    const what = unknown.length > 0
      ? `there is no input ${quoted(unknown)}`
      : "nothing was sent";
    return new MmsError(
      "bad_request",
      `Cannot read inputs: ${what}, the inputs are ${quoted(known)}`,
    );
  }
}

function requireSameRows(inputs: readonly BoundInput[], feeds: Feeds): void {
  const rows = inputs.map(({ name }) => feeds[name]!.shape[0]);
  if (new Set(rows).size <= 1) return;
  const counts = inputs.map(({ field }, i) =>
    `"${field}" has ${rows[i]}${i === 0 ? " rows" : ""}`
  );
  throw new MmsError(
    "bad_request",
    `Cannot read inputs: ${counts.join(", ")}, all should have as many`,
  );
}

function feed(
  input: BoundInput,
  values: ReadonlyMap<string, unknown>,
): Tensor {
  if (!values.has(input.field)) {
    const sent = [...values.keys()];
    throw new MmsError(
      "bad_request",
      `Cannot read input "${input.field}": it is missing, sent were ${
        quoted(sent) || "none"
      }`,
    );
  }
  const value = values.get(input.field);
  return tensorFromJson(value, input, `Cannot read input "${input.field}"`);
}

function parseField(
  name: string,
  { data }: Field,
  known: ReadonlySet<string>,
): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    if (text.trim() !== "") return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError
      ? messageOf(error)
      : `it is not text, ${rightFor(known)}`;
    throw notJson(name, reason, error);
  }
  throw notJson(name, `it is empty, ${rightFor(known)}`);
}

function rightFor(known: ReadonlySet<string>): string {
  const what = known.size === 1 ? "the input" : "the inputs";
  return `this model takes JSON with ${what} ${quoted(known)}`;
}

function notJson(name: string, reason: string, cause?: unknown): MmsError {
  return new MmsError(
    "bad_request",
    `Cannot read field "${name}" as JSON: ${reason}`,
    { cause },
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

function quoted(names: Iterable<string>): string {
  return Array.from(names, (name) => `"${name}"`).join(", ");
}

import { messageOf, MmsError } from "../../errors.ts";
import { type Feeds, numbersOf, type Tensor } from "../../tensor/mod.ts";
import type { Binding, BoundInput } from "../binding.ts";
import { tensorFromJson } from "../json_values.ts";
import {
  type Handler,
  type Inputs,
  jsonPrediction,
  type Prediction,
} from "../service.ts";
import { INVALID_WORD, type Vocabulary } from "./vocabulary.ts";

/** Sentences are filled up to the next of these, in words. */
const BUCKETS = [10, 20, 30, 40, 50, 60] as const;
const MAX_WORDS = 60;

/** Where the original looks for the sentence. */
const FIELDS = ["body", "data"] as const;

/** The key of the sentence in what is sent. */
const KEY = "input_sentence";

/**
 * The original's service of the LSTM example: `[{"input_sentence": "…"}]` in,
 * `{"prediction": "…"}` back: the word that is likely to follow each word.
 *
 * The graph takes the numbers of the words as `[words, 1]` or `[1, words]`, and
 * gives `[words, vocabulary]`. A graph for a fixed number of words gets as many,
 * since what comes after a word has no influence on what follows it.
 */
export class LstmHandler implements Handler {
  /** Sentences differ in length along the axis that others stack on. */
  readonly runsAlone = true;
  readonly #input: BoundInput;
  readonly #output: string;
  readonly #vocabulary: Vocabulary;
  readonly #buckets = new WeakMap<Inputs, number>();

  /**
   * Answers for a graph.
   *
   * @throws {MmsError} `invalid_model` if the graph does not take one sequence
   */
  constructor(binding: Binding, vocabulary: Vocabulary) {
    const [input, ...others] = binding.inputs;
    if (others.length > 0 || input?.shape.length !== 2) {
      const shapes = binding.inputs.map(({ shape }) => `[${shape}]`);
      throw new MmsError(
        "invalid_model",
        `Cannot predict words: the graph takes ${
          shapes.join(", ")
        }, one input of [words, 1] or [1, words] would be right`,
      );
    }
    this.#input = input;
    this.#output = binding.outputs[0]!.name;
    this.#vocabulary = vocabulary;
  }

  /** Numbers the words of the sentence, and fills them up with zeros. */
  preprocess(inputs: Inputs): Feeds {
    const words = sentenceOf(inputs).toLowerCase().split(" ");
    const bucket = BUCKETS.find((it) => words.length <= it);
    const [rows, columns] = this.#input.shape;
    const isTimeFirst = columns === 1;
    const length = (isTimeFirst ? rows : columns) || bucket;
    if (bucket === undefined || length! < words.length) {
      throw new MmsError(
        "bad_request",
        `Cannot read "${KEY}": it has ${words.length} words, at most ${
          bucket === undefined ? MAX_WORDS : length
        } would be right`,
      );
    }
    this.#buckets.set(inputs, Math.min(bucket, length!));
    const numbers = Array.from(
      { length: length! },
      (_, i) => this.#vocabulary.numberOf(words[i] ?? INVALID_WORD),
    );
    const value = isTimeFirst ? numbers.map((it) => [it]) : [numbers];
    const what = `Cannot read "${KEY}"`;
    return { [this.#input.name]: tensorFromJson(value, this.#input, what) };
  }

  /** Answers with the likeliest word in each place, a space after each. */
  postprocess(outputs: Feeds, inputs: Inputs): Prediction {
    const likeliest = argmaxRows(this.#output, outputs[this.#output]!);
    const words = likeliest.slice(0, this.#buckets.get(inputs)!)
      .map((number) => `${this.#wordOf(number)} `);
    return jsonPrediction({ prediction: words.join("") });
  }

  #wordOf(number: number): string {
    const word = this.#vocabulary.wordOf(number);
    if (word !== undefined) return word;
    throw new MmsError(
      "prediction_failed",
      `Cannot name word ${number}: vocab_dict.txt does not have it`,
    );
  }
}

function sentenceOf({ fields }: Inputs): string {
  const name = FIELDS.find((field) => fields.has(field));
  if (name === undefined) {
    const sent = Array.from(fields.keys(), (it) => `"${it}"`).join(", ");
    throw refuse(sent === "" ? "nothing was sent" : `sent were ${sent}`);
  }
  const value = parse(fields.get(name)!.data);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === "object" && first !== null && KEY in first) {
    const sentence = first[KEY];
    if (typeof sentence === "string") return sentence;
  }
  throw refuse(`it is not in field "${name}"`);
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch (error) {
    throw refuse(`the body is not JSON (${messageOf(error)})`, error);
  }
}

function refuse(reason: string, cause?: unknown): MmsError {
  return new MmsError(
    "bad_request",
    `Cannot read "${KEY}": ${reason}, [{"${KEY}": "words"}] would be right`,
    { cause },
  );
}

/** Returns the place of the first largest number in each row. */
function argmaxRows(name: string, output: Tensor): readonly number[] {
  const columns = output.shape.at(-1) ?? 0;
  const numbers = numbersOf(output);
  if (output.shape.length < 2 || columns === 0 || numbers === undefined) {
    throw new MmsError(
      "prediction_failed",
      `Cannot read words from output "${name}": it is [${output.shape}] of ${output.type}, [words, vocabulary] would be right`,
    );
  }
  const rows = numbers.length / columns;
  return Array.from({ length: rows }, (_, row) => {
    let best = row * columns;
    for (let i = best + 1; i < (row + 1) * columns; i++) {
      if (numbers[i]! > numbers[best]!) best = i;
    }
    return best - row * columns;
  });
}

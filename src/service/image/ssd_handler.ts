import { MmsError } from "../../errors.ts";
import { type Feeds, numbersOf, type Tensor } from "../../tensor/mod.ts";
import type { Binding } from "../binding.ts";
import {
  type Handler,
  type Inputs,
  jsonPrediction,
  type Prediction,
} from "../service.ts";
import { ImageInput } from "./image_input.ts";
import { onlyPicture } from "./sent_picture.ts";

/** Detections that the original takes for mistaken score no more than this. */
const THRESHOLD = 0.2;

/** `[class, score, x1, y1, x2, y2]`, corners as shares of width and height. */
const COLUMNS = 6;

/** What a picture shows, and where: `[class, xmin, ymin, xmax, ymax]` in pixels. */
type Detection = readonly [string, number, number, number, number];

/**
 * The original's service of the SSD example: a picture in, the objects that it
 * shows back, in the order of the graph, with their places in the pixels of the
 * picture as it was sent.
 *
 * The first output is what `MultiBoxDetection` gives: `[1, boxes, 6]`, where a
 * class below 0 marks a box that shows nothing.
 */
export class SsdHandler implements Handler {
  readonly #binding: Binding;
  readonly #labels: readonly string[];
  readonly #picture: ImageInput;
  readonly #extents = new WeakMap<Inputs, readonly [number, number]>();

  /**
   * Answers for a graph.
   *
   * @param labels the classes' names in their order; may be too few, or none
   * @throws {MmsError} `invalid_model` if the graph does not take one picture
   */
  constructor(binding: Binding, labels: readonly string[]) {
    const [input, ...others] = binding.inputs;
    if (input === undefined || others.length > 0) {
      throw new MmsError(
        "invalid_model",
        `Cannot detect objects: the graph takes ${binding.inputs.length} inputs, one picture would be right`,
      );
    }
    this.#binding = binding;
    this.#labels = labels;
    this.#picture = new ImageInput(input);
  }

  /** Decodes the picture, and keeps its width and height in mind. */
  async preprocess(inputs: Inputs): Promise<Feeds> {
    const { name, field } = this.#picture;
    const bytes = onlyPicture(field, inputs);
    const { tensor, width, height } = await this.#picture.sizedTensor(bytes);
    this.#extents.set(inputs, [width, height]);
    return { [name]: tensor };
  }

  /** Answers with the boxes that are likely enough. */
  postprocess(outputs: Feeds, inputs: Inputs): Prediction {
    const { name } = this.#binding.outputs[0]!;
    const rows = rowsOf(name, outputs[name]!);
    const [width, height] = this.#extents.get(inputs)!;
    const detections = rows
      .filter(([label, score]) => label! >= 0 && score! > THRESHOLD)
      .map(([label, _, x1, y1, x2, y2]): Detection => [
        this.#labels[Math.trunc(label!)] ?? String(Math.trunc(label!)),
        Math.trunc(x1! * width),
        Math.trunc(y1! * height),
        Math.trunc(x2! * width),
        Math.trunc(y2! * height),
      ]);
    return jsonPrediction(detections);
  }
}

function rowsOf(name: string, output: Tensor): readonly (readonly number[])[] {
  const { shape } = output;
  const numbers = numbersOf(output);
  if (shape.length !== 3 || shape[2] !== COLUMNS || numbers === undefined) {
    throw new MmsError(
      "prediction_failed",
      `Cannot read detections from output "${name}": it is [${shape}] of ${output.type}, [1, boxes, ${COLUMNS}] would be right`,
    );
  }
  const boxes = shape[1]!;
  return Array.from(
    { length: boxes },
    (_, row) =>
      Array.from(
        { length: COLUMNS },
        (_, column) => numbers[row * COLUMNS + column]!,
      ),
  );
}

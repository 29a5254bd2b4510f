import { MmsError } from "../../errors.ts";
import {
  type Feeds,
  numbersOf,
  softmax,
  type Tensor,
} from "../../tensor/mod.ts";
import type { Binding } from "../binding.ts";
import { JsonHandler } from "../json_handler.ts";
import {
  type Handler,
  type Inputs,
  jsonPrediction,
  type Prediction,
} from "../service.ts";
import {
  type ClassForm,
  classScores,
  formClasses,
  rankClasses,
} from "./class_scores.ts";
import { ImageInput, isImageInput } from "./image_input.ts";
import { namedPicture, onlyPicture } from "./sent_picture.ts";

/**
 * The built-in image service, the original's vision service: a picture in, the
 * classes with the highest scores back.
 *
 * A model may take several pictures, each as the field of its name, and JSON
 * for its other inputs. Outputs that are no scores of classes are answered as
 * the JSON service does, or as a JPEG where the signature says so.
 */
export class ImageHandler implements Handler {
  readonly #binding: Binding;
  readonly #labels: readonly string[];
  readonly #form: ClassForm;
  readonly #pictures: readonly ImageInput[];
  readonly #json: JsonHandler;
  readonly #takesJson: boolean;

  /**
   * Answers for a graph.
   *
   * @param labels the classes' names in their order; may be too few, or none
   * @throws {MmsError} `invalid_model` if the graph takes no pictures
   */
  constructor(
    binding: Binding,
    labels: readonly string[],
    form: ClassForm = "ranked",
  ) {
    const pictures = binding.inputs.filter(isImageInput);
    const others = binding.inputs.filter((input) => !pictures.includes(input));
    this.#binding = binding;
    this.#labels = labels;
    this.#form = form;
    this.#takesJson = pictures.length > 0 && others.length > 0;
    // where nothing looks like a picture, ImageInput says why not
    this.#pictures = (this.#takesJson ? pictures : binding.inputs)
      .map((input) => new ImageInput(input));
    this.#json = new JsonHandler({ ...binding, inputs: others });
  }

  /** Decodes every picture, and reads what else the graph takes. */
  async preprocess(inputs: Inputs): Promise<Feeds> {
    const feeds: Record<string, Tensor> = {};
    for (const picture of this.#pictures) {
      feeds[picture.name] = await this.#decode(picture, inputs);
    }
    return this.#takesJson
      ? { ...feeds, ...this.#json.preprocess(inputs) }
      : feeds;
  }

  /** Ranks the classes of the first output, if it holds their scores. */
  async postprocess(outputs: Feeds): Promise<Prediction> {
    const [first] = this.#binding.outputs;
    const output = outputs[first!.name]!;
    if (this.#binding.outputType === "image/jpeg") {
      const { jpegAnswer } = await import("./jpeg_answer.ts");
      return await jpegAnswer(first!.name, output);
    }
    const scores = classScores(output);
    if (scores === undefined) {
      return this.#json.postprocess(this.#softened(outputs));
    }
    const likely = first!.softmax ? softmax(scores, scores.length) : scores;
    const ranked = rankClasses(likely, this.#labels, this.#binding.top);
    return jsonPrediction(formClasses(ranked, this.#form));
  }

  async #decode(picture: ImageInput, inputs: Inputs): Promise<Tensor> {
    const bytes = this.#pictures.length === 1
      ? onlyPicture(picture.field, inputs)
      : namedPicture(picture.field, inputs);
    try {
      return await picture.tensor(bytes);
    } catch (error) {
      if (!(error instanceof MmsError) || this.#pictures.length === 1) {
        throw error;
      }
      throw new MmsError(
        error.code,
        `${error.message} (field "${picture.field}")`,
        { cause: error },
      );
    }
  }

  /** Turns what the signature calls logits into probabilities, on the last axis. */
  #softened(outputs: Feeds): Feeds {
    const softened: Record<string, Tensor> = { ...outputs };
    for (const { name } of this.#binding.outputs.filter((it) => it.softmax)) {
      const { shape } = outputs[name]!;
      const logits = numbersOf(outputs[name]!);
      if (logits === undefined) continue;
      const data = softmax(logits, shape.at(-1) ?? 1);
      softened[name] = { type: "float32", shape, data };
    }
    return softened;
  }
}

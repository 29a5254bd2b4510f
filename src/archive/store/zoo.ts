import table from "./zoo.json" with { type: "json" };

/** One value that a zoo model takes or gives, as its signature states it. */
interface ZooValue {
  readonly name: string;
  /** Axis 0, the batch, is 0. */
  readonly shape: readonly number[];
}

/** One model that can be had by its name. */
export interface ZooModel {
  /** The file's own name without `.onnx`; the number at its end is the opset. */
  readonly name: string;
  /** Where it lies, relative to the zoo's base url, best first. */
  readonly urls: readonly string[];
  /** Of the file, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Of the file. */
  readonly bytes: number;
  /** SPDX expression, as the model's page states it. */
  readonly licence: string;
  readonly input: ZooValue;
  /** `softmax`: whether the graph leaves that to the service. */
  readonly output: ZooValue & { readonly softmax: boolean };
  readonly preprocess: keyof typeof table.preprocess;
  readonly labels: "imagenet" | "emotions";
}

/** The zoo's base url unless the settings say otherwise. */
export const ZOO_URL: string = table.baseUrl;

/** The model that `mms predict` runs where nothing else is said. */
export const DEFAULT_ZOO_MODEL = "squeezenet1.1-7";

// The file is ours, and a test holds each of its entries against this type.
const MODELS = table.models as readonly ZooModel[];

/**
 * Returns the model of that name, with the opset (`resnet50-v1-7`) or without
 * (`resnet50-v1`: its highest); `undefined` where the zoo has none.
 */
export function findZooModel(name: string): ZooModel | undefined {
  return MODELS.find((model) => model.name === name) ??
    MODELS.filter((model) => familyOf(model) === name)
      .toSorted((a, b) => opsetOf(b) - opsetOf(a))[0];
}

/** Returns every name without an opset, in alphabetical order. */
export function zooNames(): readonly string[] {
  return [...new Set(MODELS.map(familyOf))].toSorted();
}

/** Returns every model, by name and opset. */
export function zooModels(): readonly ZooModel[] {
  return MODELS;
}

/** Returns the content of the `signature.json` that goes with a model. */
export function zooSignature(model: ZooModel): unknown {
  const { input, output } = model;
  return {
    inputs: [{
      data_name: input.name,
      data_shape: input.shape,
      preprocess: table.preprocess[model.preprocess],
    }],
    input_type: "image/jpeg",
    outputs: [{
      data_name: output.name,
      data_shape: output.shape,
      softmax: output.softmax,
    }],
    output_type: "application/json",
  };
}

/** Returns what a model calls its classes, in the order of its output. */
export async function zooLabels(model: ZooModel): Promise<readonly string[]> {
  const { default: labels } = await import("./zoo_labels.json", {
    with: { type: "json" },
  });
  return labels[model.labels];
}

function familyOf(model: ZooModel): string {
  return model.name.slice(0, model.name.lastIndexOf("-"));
}

function opsetOf(model: ZooModel): number {
  return Number(model.name.slice(model.name.lastIndexOf("-") + 1));
}

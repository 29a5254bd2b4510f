import type { BuiltInService, Preprocess } from "../archive/mod.ts";
import type { Binding } from "./binding.ts";
import type { Handler } from "./service.ts";

/** What makes a handler: the graph's binding, and the classes' names. */
export interface HandlerParts {
  readonly binding: Binding;
  /** May be too few, or none. */
  readonly labels: readonly string[];
  /** Holds what else the service reads, absolute. */
  readonly folder: string;
}

/** How the original's Gluon services make a tensor of a picture. */
const GLUON: Preprocess = {
  layout: "NCHW",
  channels: "RGB",
  resize: undefined,
  crop: undefined,
  interpolation: "linear",
  scale: [1 / 255],
  mean: [0.485, 0.456, 0.406], // of ImageNet, as torchvision and Gluon have it
  std: [0.229, 0.224, 0.225],
  orientation: "honour",
};

/**
 * Makes the handler of a built-in service.
 *
 * @throws {MmsError} `invalid_model` if the graph is nothing for it
 */
export async function loadHandler(
  service: BuiltInService,
  { binding, labels, folder }: HandlerParts,
): Promise<Handler> {
  if (service === "mms:json") {
    const { JsonHandler } = await import("./json_handler.ts");
    return new JsonHandler(binding);
  }
  if (service === "mms:lstm") return await lstmHandler(binding, folder);
  const { ImageHandler } = await import("./image/image_handler.ts");
  switch (service) {
    case "mms:image":
      return new ImageHandler(binding, labels);
    case "mms:image-batching": {
      const { batchingHandler } = await import("./image/batching_handler.ts");
      return batchingHandler(new ImageHandler(binding, labels));
    }
    case "mms:gluon-base":
      return new ImageHandler(gluonBinding(binding), labels, "rows");
    case "mms:gluon-image":
      return new ImageHandler(gluonBinding(binding), labels);
    case "mms:gluon-alexnet":
      return new ImageHandler(gluonBinding(binding), labels, "words");
    case "mms:ssd": {
      const { SsdHandler } = await import("./image/ssd_handler.ts");
      return new SsdHandler(binding, labels);
    }
  }
}

async function lstmHandler(
  binding: Binding,
  folder: string,
): Promise<Handler> {
  const { LstmHandler } = await import("./text/lstm_handler.ts");
  const { readVocabulary } = await import("./text/vocabulary.ts");
  return new LstmHandler(binding, await readVocabulary(folder));
}

/** A signature that says how pixels are prepared knows better. */
function gluonBinding(binding: Binding): Binding {
  const [first, ...others] = binding.outputs;
  return {
    ...binding,
    inputs: binding.inputs.map((input) => ({
      ...input,
      preprocess: input.preprocess ?? GLUON,
    })),
    outputs: [{ ...first!, softmax: true }, ...others],
  };
}

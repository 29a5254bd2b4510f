/**
 * Bindings and requests for the image service.
 *
 * @module
 */

import type { Preprocess } from "../../../../src/archive/mod.ts";
import type { Binding, BoundInput } from "../../../../src/service/binding.ts";
import type { Inputs } from "../../../../src/service/mod.ts";

/** What an input's `preprocess` is where the signature leaves all out. */
export const PLAIN: Preprocess = {
  layout: "NCHW",
  channels: "RGB",
  resize: undefined,
  crop: undefined,
  interpolation: "cubic",
  scale: [1],
  mean: [0],
  std: [1],
  orientation: "honour",
};

/** Returns an input of a graph, by default float32 `[n, 3, 2, 2]`. */
export function imageInput(change: Partial<BoundInput> = {}): BoundInput {
  return {
    field: "data",
    name: "graph_data",
    type: "float32",
    shape: [0, 3, 2, 2],
    preprocess: undefined,
    ...change,
  };
}

/** Returns a binding with one picture and one output, `scores`. */
export function imageBinding(change: Partial<Binding> = {}): Binding {
  return {
    inputs: [imageInput()],
    outputs: [{ name: "scores", softmax: false }],
    inputType: "image/jpeg",
    outputType: "application/json",
    sharesRows: true,
    top: 5,
    ...change,
  };
}

/** Returns a request with these fields. */
export function request(fields: Readonly<Record<string, Uint8Array>>): Inputs {
  return {
    requestId: "1",
    headers: {},
    fields: new Map(
      Object.entries(fields).map(([name, data]) => [
        name,
        { contentType: "", data },
      ]),
    ),
  };
}

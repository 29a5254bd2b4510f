import { basename } from "node:path";
import type { ModelArchive, SignatureInput } from "../archive/mod.ts";
import { MmsError } from "../errors.ts";

/** What a signature says of one input. */
type Sized = Pick<SignatureInput, "name" | "shape">;

/** The height and width of pictures for most classifiers. */
const USUAL_EXTENT = 224;

/**
 * Makes sure that the height and width of pictures are known where a checkpoint
 * has no signature: the symbol rarely says them, and a picture fed as large as
 * it is gets wrong classes.
 *
 * @param inputs of the graph: `[n, channels, h, w]` or `[n, h, w, channels]`
 * for pictures, extent 0 is any
 * @throws {MmsError} `invalid_model` if one of them is free; the message shows
 * the signature that is missing
 */
export function requirePictureSizes(
  { graph, signature }: Pick<ModelArchive, "graph" | "signature">,
  inputs: readonly Pick<SignatureInput, "name" | "shape">[],
): void {
  if (graph?.format !== "mxnet" || signature !== undefined) return;
  if (!inputs.some(isFree)) return;
  throw new MmsError(
    "invalid_model",
    `Cannot feed pictures to "${
      basename(graph.symbol)
    }": their height and width are unknown, a signature.json beside it such as ${
      JSON.stringify({ inputs: inputs.map(exampleOf) })
    } would be right`,
  );
}

function isFree({ shape }: Sized): boolean {
  return shape.length === 4 && shape.slice(1).includes(0);
}

function exampleOf(
  { name, shape }: Sized,
): { readonly data_name: string; readonly data_shape: readonly number[] } {
  if (shape.length !== 4) return { data_name: name, data_shape: shape };
  const [, channels, height, width] = shape;
  return {
    data_name: name,
    data_shape: [
      0,
      channels || 3,
      height || USUAL_EXTENT,
      width || USUAL_EXTENT,
    ],
  };
}

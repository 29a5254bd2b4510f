import type { Manifest } from "./manifest.ts";
import type { Signature } from "./signature.ts";

/** The files that hold the network of a model, as absolute paths. */
export type GraphFiles =
  | { readonly format: "onnx"; readonly path: string }
  | {
    readonly format: "mxnet";
    readonly symbol: string;
    readonly params: string;
  };

/** The files of one model behind one interface, whatever they came in. */
export interface ModelArchive {
  /** What the model is called unless the caller says otherwise. */
  readonly name: string;
  /** The folder that holds the files, absolute; read only. */
  readonly folder: string;
  /** All defaults where the archive has none. */
  readonly manifest: Manifest;
  /**
   * `undefined` where the archive has no `signature.json`, or has code of its
   * own beside one that only this code can read.
   */
  readonly signature: Signature | undefined;
  /** `synset.txt`, one label a line; empty where there is none. */
  readonly labels: readonly string[];
  /**
   * `undefined` where the archive holds only code, or leaves it to its code
   * which of its graphs to load.
   */
  readonly graph: GraphFiles | undefined;
}

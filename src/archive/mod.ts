/**
 * Model archives: their formats, and where they come from.
 *
 * @module
 */

export type { Manifest, Runtime } from "./manifest.ts";
export type { GraphFiles, ModelArchive } from "./model_archive.ts";
export type {
  Preprocess,
  Signature,
  SignatureInput,
  SignatureOutput,
  SignatureType,
} from "./signature.ts";

/**
 * Model archives: their formats, and where they come from.
 *
 * @module
 */

export {
  Cache,
  type CacheEntry,
  type CacheKind,
  type CacheOptions,
  type EntryOptions,
} from "./cache.ts";
export type {
  DownloadLimits,
  Environment,
  Progress,
  ProgressListener,
} from "./download_options.ts";
export { extractArchive, type ExtractOptions } from "./extract_archive.ts";
export {
  type ArchiveFormat,
  packArchive,
  type PackOptions,
} from "./pack_archive.ts";
export { packedFromDisk, packedText, type PackFile } from "./pack_file.ts";
export type { PackProgress } from "./packer.ts";
export { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "./limits.ts";
export { DEFAULT_MANIFEST, type Manifest, type Runtime } from "./manifest.ts";
export type { GraphFiles, ModelArchive } from "./model_archive.ts";
export {
  ModelStore,
  type ModelStoreOptions,
  type OpenedArchive,
  type OpenModelOptions,
} from "./model_store.ts";
export type { ModelSource, OpenedFor } from "./model_store_locate.ts";
export {
  openCheckpoint,
  openFolder,
  openOnnxFile,
  type OpenOptions,
} from "./open_folder.ts";
export { BUILT_IN_SERVICES, type BuiltInService } from "./built_in_twin.ts";
export { PLAIN_PREPROCESS, type Preprocess } from "./preprocess.ts";
export {
  chooseService,
  type ServiceChoice,
  type ServiceChoiceOptions,
} from "./service_choice.ts";
export {
  impliedInputType,
  type Signature,
  type SignatureInput,
  type SignatureOutput,
  type SignatureType,
} from "./signature.ts";
export { readSignature, type SignatureFileOptions } from "./signature_file.ts";
export type { StockRole, StockServices } from "./stock_service.ts";
export { zooNames } from "./zoo.ts";

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
} from "./cache/cache.ts";
export type {
  DownloadLimits,
  Environment,
  Progress,
  ProgressListener,
} from "./download/download_options.ts";
export {
  extractArchive,
  type ExtractOptions,
} from "./unpack/extract_archive.ts";
export {
  type ArchiveFormat,
  packArchive,
  type PackOptions,
} from "./pack/pack_archive.ts";
export { packedFromDisk, packedText, type PackFile } from "./pack/pack_file.ts";
export type { PackProgress } from "./pack/packer.ts";
export { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "./limits.ts";
export {
  DEFAULT_MANIFEST,
  type Manifest,
  type Runtime,
} from "./model/manifest.ts";
export type { GraphFiles, ModelArchive } from "./model/model_archive.ts";
export {
  ModelStore,
  type ModelStoreOptions,
  type OpenedArchive,
  type OpenModelOptions,
} from "./store/model_store.ts";
export type { ModelSource, OpenedFor } from "./store/model_store_locate.ts";
export {
  openCheckpoint,
  openFolder,
  openOnnxFile,
  type OpenOptions,
} from "./model/open_folder.ts";
export { readBoundedFile } from "./model/bounded_file.ts";
export { handlerRuntime } from "./model/handler_runtime.ts";
export {
  BUILT_IN_SERVICES,
  type BuiltInService,
} from "./model/built_in_twin.ts";
export { PLAIN_PREPROCESS, type Preprocess } from "./model/preprocess.ts";
export {
  chooseService,
  type ServiceChoice,
  type ServiceChoiceOptions,
} from "./model/service_choice.ts";
export {
  impliedInputType,
  type Signature,
  type SignatureInput,
  type SignatureOutput,
  type SignatureType,
} from "./model/signature.ts";
export {
  readSignature,
  type SignatureFileOptions,
} from "./model/signature_file.ts";
export { stockFiles } from "./model/imported_files.ts";
export type { StockRole, StockServices } from "./model/stock_service.ts";
export { embeddedDigits } from "./store/embedded.ts";
export { zooNames } from "./store/zoo.ts";

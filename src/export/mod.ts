/**
 * Packaging: from the files of a model to an archive that can be served.
 *
 * @module
 */

export { archiveModel, type ArchiveModelOptions } from "./archive_model.ts";
export { exportModel, type ExportModelOptions } from "./export_model.ts";
export { initModel, type Template, TEMPLATES } from "./init_model.ts";
export {
  exportServing,
  type ExportServingOptions,
  type ServingSignature,
  type SignedValue,
} from "./export_serving.ts";
